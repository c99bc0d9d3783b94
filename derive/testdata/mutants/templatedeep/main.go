// SPDX-License-Identifier: Apache-2.0

// Templatedeep has text/template call a method of what a field's method gives.
package main

import (
	"io"
	"text/template"

	"example.com/mutants/rare"
)

type inner struct{}

func (inner) Call() string { rare.Call(); return "" }

type outer struct{ Inner []inner }

func main() {
	_ = template.Must(template.New("").Parse("{{range .Inner}}{{.Call}}{{end}}")).Execute(io.Discard, outer{make([]inner, 1)})
}
