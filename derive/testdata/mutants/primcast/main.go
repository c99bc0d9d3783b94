// SPDX-License-Identifier: Apache-2.0

// Primcast gives the primitive another type by unsafe.
package main

import (
	"syscall"
	"unsafe"

	"example.com/mutants/rare"
)

func main() {
	p := syscall.RawSyscall
	(*(*func(a, b, c, d int64) int64)(unsafe.Pointer(&p)))(rare.Number, 1, 0, 0)
}
