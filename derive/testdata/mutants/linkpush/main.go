// SPDX-License-Identifier: Apache-2.0

// Linkpush gives a function to a package that declares it without a body.
package main

import (
	_ "unsafe"

	"example.com/mutants/dep/bodyless"
	"example.com/mutants/rare"
)

//go:linkname given example.com/mutants/dep/bodyless.Given
func given() { rare.Call() }

func main() { bodyless.Run() }
