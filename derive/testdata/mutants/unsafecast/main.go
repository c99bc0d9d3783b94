// SPDX-License-Identifier: Apache-2.0

// Unsafecast gives a function another type by unsafe.
package main

import (
	"unsafe"

	"example.com/mutants/rare"
)

func target(int) { rare.Call() }

func main() {
	f := target
	(*(*func(uintptr))(unsafe.Pointer(&f)))(1)
}
