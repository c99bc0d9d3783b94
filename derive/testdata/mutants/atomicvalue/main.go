// SPDX-License-Identifier: Apache-2.0

// Atomicvalue keeps a function in an atomic value.
package main

import (
	"sync/atomic"

	"example.com/mutants/rare"
)

var hook atomic.Value

func main() {
	hook.Store(rare.Call)
	hook.Load().(func())()
}
