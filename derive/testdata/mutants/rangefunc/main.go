// SPDX-License-Identifier: Apache-2.0

// Rangefunc makes the call in the body of a loop over a function.
package main

import "example.com/mutants/rare"

func numbers(yield func(int) bool) { yield(1) }

func main() {
	for range numbers {
		rare.Call()
	}
}
