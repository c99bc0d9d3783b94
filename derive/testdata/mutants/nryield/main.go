// SPDX-License-Identifier: Apache-2.0

// Nryield gives the number to the body of a loop over a function.
package main

import "example.com/mutants/rare"

func numbers(yield func(uintptr) bool) { yield(rare.Number) }

func main() {
	for n := range numbers {
		rare.Raw(n)
	}
}
