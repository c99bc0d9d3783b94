// SPDX-License-Identifier: Apache-2.0

// Nrescape has a local number that a closure of the runtime sets.
package main

import (
	"time"

	"example.com/mutants/rare"
)

func main() {
	var n uintptr
	done := make(chan struct{})
	time.AfterFunc(0, func() {
		n = rare.Number
		close(done)
	})
	<-done
	rare.Raw(n)
}
