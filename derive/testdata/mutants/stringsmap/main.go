// SPDX-License-Identifier: Apache-2.0

// Stringsmap makes the call in the callback of strings.Map.
package main

import (
	"strings"

	"example.com/mutants/rare"
)

func main() { strings.Map(func(r rune) rune { rare.Call(); return r }, "x") }
