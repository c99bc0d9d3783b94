// SPDX-License-Identifier: Apache-2.0

// Atomicpointer keeps a function behind an atomic pointer.
package main

import (
	"sync/atomic"

	"example.com/mutants/rare"
)

var hook atomic.Pointer[func()]

func main() {
	f := rare.Call
	hook.Store(&f)
	(*hook.Load())()
}
