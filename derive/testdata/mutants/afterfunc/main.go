// SPDX-License-Identifier: Apache-2.0

// Afterfunc has a timer of the runtime make the call.
package main

import (
	"time"

	"example.com/mutants/rare"
)

func main() {
	done := make(chan struct{})
	time.AfterFunc(time.Millisecond, func() {
		rare.Call()
		close(done)
	})
	<-done
}
