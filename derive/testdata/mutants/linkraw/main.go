// SPDX-License-Identifier: Apache-2.0

// Linkraw calls syscall.rawSyscallNoError by a linkname.
package main

import (
	_ "unsafe"

	"example.com/mutants/rare"
)

//go:linkname rawSyscallNoError syscall.rawSyscallNoError
func rawSyscallNoError(trap, a1, a2, a3 uintptr) (r1, r2 uintptr)

func main() { rawSyscallNoError(rare.Number, 1, 0, 0) }
