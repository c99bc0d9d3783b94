// SPDX-License-Identifier: Apache-2.0

// Nriter gives the number through a coroutine.
package main

import (
	"iter"

	"example.com/mutants/rare"
)

func numbers(yield func(uintptr) bool) { yield(rare.Number) }

func main() {
	next, stop := iter.Pull(numbers)
	defer stop()
	n, _ := next()
	rare.Raw(n)
}
