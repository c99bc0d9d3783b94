// SPDX-License-Identifier: Apache-2.0

// Nrpointer changes the variable through a pointer.
package main

import (
	"example.com/mutants/dep/variable"
	"example.com/mutants/rare"
)

func set(p *uintptr) { *p = rare.Number }

func main() {
	set(&variable.Number)
	variable.Raw()
}
