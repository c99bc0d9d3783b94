// SPDX-License-Identifier: Apache-2.0

// Nrlinkfunction keeps a linknamed primitive in a variable.
package main

import (
	"syscall"
	_ "unsafe"

	"example.com/mutants/rare"
)

//go:linkname raw syscall.RawSyscall
func raw(trap, a1, a2, a3 uintptr) (r1, r2 uintptr, err syscall.Errno)

var call = raw

func main() { call(rare.Number, 1, 0, 0) }
