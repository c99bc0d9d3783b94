// SPDX-License-Identifier: Apache-2.0

// Finalizermethod is a finalizer that is a method, of an interface's parameter.
package main

import (
	"runtime"
	"time"

	"example.com/mutants/rare"
)

type thing struct{ done chan struct{} }

func (t *thing) Call() {
	rare.Call()
	close(t.done)
}

func finalize(c interface{ Call() }) { c.Call() }

func main() {
	done := make(chan struct{})
	func() { runtime.SetFinalizer(&thing{done}, finalize) }()
	for {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}
