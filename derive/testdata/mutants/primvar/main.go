// SPDX-License-Identifier: Apache-2.0

// Primvar keeps the primitive in a variable.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

var primitive = syscall.Syscall

func main() { primitive(rare.Number, 1, 0, 0) }
