// SPDX-License-Identifier: Apache-2.0

// Primparam passes the primitive as a parameter.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type primitive func(trap, a1, a2, a3 uintptr) (uintptr, uintptr, syscall.Errno)

func do(p primitive, number uintptr) { _, _, _ = p(number, 1, 0, 0) }

func main() {
	do(syscall.RawSyscall, rare.Number)
	do(syscall.Syscall, syscall.SYS_GETPID)
}
