// SPDX-License-Identifier: Apache-2.0

// Goexit makes the call while a goroutine ends.
package main

import (
	"runtime"

	"example.com/mutants/rare"
)

func main() {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer rare.Call()
		runtime.Goexit()
	}()
	<-done
}
