// SPDX-License-Identifier: Apache-2.0

// Asmsyscall jumps to package syscall's function, as golang.org/x/sys does.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func raw(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)

func main() { raw(rare.Number, 1, 0, 0) }
