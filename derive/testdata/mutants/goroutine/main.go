// SPDX-License-Identifier: Apache-2.0

// Goroutine makes the call in a goroutine.
package main

import "example.com/mutants/rare"

type caller interface{ Call() }

type thing struct{}

func (*thing) Call() { rare.Call() }

func main() {
	done := make(chan struct{})
	var c caller = &thing{}
	go func() {
		defer close(done)
		c.Call()
	}()
	<-done
}
