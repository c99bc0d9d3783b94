// SPDX-License-Identifier: Apache-2.0

// Cleanup has runtime.AddCleanup make the call.
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
		runtime.AddCleanup(new(thing), func(c chan struct{}) {
			rare.Call()
			close(c)
		}, done)
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
