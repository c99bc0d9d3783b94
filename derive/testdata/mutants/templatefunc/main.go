// SPDX-License-Identifier: Apache-2.0

// Templatefunc has text/template call a function of its map.
package main

import (
	"io"
	"text/template"

	"example.com/mutants/rare"
)

func main() {
	functions := template.FuncMap{"call": func() string { rare.Call(); return "" }}
	_ = template.Must(template.New("").Funcs(functions).Parse("{{call}}")).Execute(io.Discard, nil)
}
