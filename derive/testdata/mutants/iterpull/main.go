// SPDX-License-Identifier: Apache-2.0

// Iterpull makes the call in a coroutine.
package main

import (
	"iter"

	"example.com/mutants/rare"
)

func numbers(yield func(int) bool) {
	rare.Call()
	yield(1)
}

func main() {
	next, stop := iter.Pull(numbers)
	defer stop()
	next()
}
