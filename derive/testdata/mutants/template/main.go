// SPDX-License-Identifier: Apache-2.0

// Template has text/template call a method.
package main

import (
	"io"
	"text/template"

	"example.com/mutants/rare"
)

type thing struct{}

func (*thing) Call() string { rare.Call(); return "" }

func main() { _ = template.Must(template.New("").Parse("{{.Call}}")).Execute(io.Discard, &thing{}) }
