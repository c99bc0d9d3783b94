// SPDX-License-Identifier: Apache-2.0

// Unsafeslice moves functions as bytes.
package main

import (
	"runtime"
	"unsafe"

	"example.com/mutants/rare"
)

func main() {
	from, to := []func(){rare.Call}, make([]func(), 1)
	copy(unsafe.Slice((*uintptr)(unsafe.Pointer(&to[0])), 1), unsafe.Slice((*uintptr)(unsafe.Pointer(&from[0])), 1))
	to[0]()
	runtime.KeepAlive(from)
}
