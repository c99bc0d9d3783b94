// SPDX-License-Identifier: Apache-2.0

// Nrgo starts a goroutine with the number, and defers another.
package main

import "example.com/mutants/rare"

func main() {
	done := make(chan struct{})
	go func(n uintptr) {
		defer close(done)
		defer rare.Raw(n)
	}(rare.Number)
	<-done
}
