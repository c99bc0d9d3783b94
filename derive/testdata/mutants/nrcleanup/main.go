// SPDX-License-Identifier: Apache-2.0

// Nrcleanup gives the number to a cleanup.
package main

import (
	"runtime"
	"time"

	"example.com/mutants/rare"
)

type thing struct{ _ [64]byte }

func main() {
	func() { runtime.AddCleanup(new(thing), rare.Raw, rare.Number) }()
	for range 20 {
		runtime.GC()
		time.Sleep(5 * time.Millisecond)
	}
}
