// SPDX-License-Identifier: Apache-2.0

// Primfield keeps the primitive in a field, and its number in another.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type op struct {
	call   func(trap, a1, a2, a3 uintptr) (uintptr, uintptr, syscall.Errno)
	number uintptr
}

func (o op) run() { _, _, _ = o.call(o.number, 1, 0, 0) }

func main() {
	for _, o := range []op{{syscall.Syscall, syscall.SYS_GETPID}, {syscall.RawSyscall, rare.Number}} {
		o.run()
	}
}
