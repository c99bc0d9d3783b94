// SPDX-License-Identifier: Apache-2.0

// Overridewrite sets a hook of the runtime by a linkname: print calls it.
package main

import (
	"unsafe"

	"example.com/mutants/rare"
)

//go:linkname overrideWrite runtime.overrideWrite
var overrideWrite func(fd uintptr, p unsafe.Pointer, n int32) int32

func main() {
	overrideWrite = func(_ uintptr, _ unsafe.Pointer, n int32) int32 {
		rare.Call()
		return n
	}
	print("x")
}
