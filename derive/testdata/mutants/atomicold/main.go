// SPDX-License-Identifier: Apache-2.0

// Atomicold swaps a function in by the old functions of sync/atomic.
package main

import (
	"sync/atomic"
	"unsafe"

	"example.com/mutants/rare"
)

type box struct{ f func() }

var hook unsafe.Pointer

func main() {
	atomic.StorePointer(&hook, unsafe.Pointer(&box{rare.Call}))
	(*box)(atomic.LoadPointer(&hook)).f()
}
