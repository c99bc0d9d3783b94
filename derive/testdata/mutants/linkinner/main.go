// SPDX-License-Identifier: Apache-2.0

// Linkinner calls the assembly below package syscall by a linkname.
package main

import (
	_ "unsafe"

	"example.com/mutants/rare"
)

//go:linkname six internal/runtime/syscall/linux.Syscall6
func six(number, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2, errno uintptr)

func main() { six(rare.Number, 1, 0, 0, 0, 0, 0) }
