// SPDX-License-Identifier: Apache-2.0

// Nrunsafe changes the variable through the address of its neighbour.
package main

import (
	"syscall"
	"unsafe"

	"example.com/mutants/rare"
)

var table [2]uintptr

var numbers = struct{ a, b uintptr }{1, syscall.SYS_GETPID}

func main() {
	*(*uintptr)(unsafe.Add(unsafe.Pointer(&numbers.a), unsafe.Sizeof(numbers.a))) = rare.Number
	rare.Raw(numbers.b)
}
