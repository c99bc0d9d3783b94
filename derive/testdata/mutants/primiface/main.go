// SPDX-License-Identifier: Apache-2.0

// Primiface makes the call by a number behind an interface whose method is the primitive.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type caller interface {
	Call(number uintptr) error
}

type raw func(trap, a1, a2, a3 uintptr) (uintptr, uintptr, syscall.Errno)

func (r raw) Call(number uintptr) error {
	_, _, errno := r(number, 1, 0, 0)
	return errno
}

func main() {
	var c caller = raw(syscall.Syscall)
	_ = c.Call(rare.Number)
}
