// SPDX-License-Identifier: Apache-2.0

// Finalizer has the garbage collector make the call.
package main

import (
	"runtime"
	"time"

	"example.com/mutants/rare"
)

type thing struct{ _ [64]byte }

func main() {
	done := make(chan struct{})
	func() {
		t := new(thing)
		runtime.SetFinalizer(t, func(*thing) {
			rare.Call()
			close(done)
		})
	}()
	for {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
