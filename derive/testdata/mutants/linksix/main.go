// SPDX-License-Identifier: Apache-2.0

// Linksix calls syscall.RawSyscall6 by a linkname.
package main

import (
	"syscall"
	_ "unsafe"

	"example.com/mutants/rare"
)

//go:linkname six syscall.RawSyscall6
func six(trap, a1, a2, a3, a4, a5, a6 uintptr) (r1, r2 uintptr, err syscall.Errno)

func main() { six(rare.Number, 1, 0, 0, 0, 0, 0) }
