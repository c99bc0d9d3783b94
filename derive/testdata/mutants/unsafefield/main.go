// SPDX-License-Identifier: Apache-2.0

// Unsafefield writes a function into a field by its offset.
package main

import (
	"unsafe"

	"example.com/mutants/rare"
)

type box struct {
	_ int
	f func()
}

func main() {
	var b box
	*(*func())(unsafe.Add(unsafe.Pointer(&b), unsafe.Offsetof(b.f))) = rare.Call
	b.f()
}
