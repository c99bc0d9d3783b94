// SPDX-License-Identifier: Apache-2.0

// Nrtemplate gives the number by a template.
package main

import (
	"io"
	"strconv"
	"text/template"

	"example.com/mutants/rare"
)

type thing struct{}

func (thing) Use(n int) string { rare.Raw(uintptr(n)); return "" }

func main() {
	text := "{{.Use " + strconv.Itoa(rare.Number) + "}}"
	_ = template.Must(template.New("").Parse(text)).Execute(io.Discard, thing{})
}
