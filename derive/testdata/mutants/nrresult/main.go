// SPDX-License-Identifier: Apache-2.0

// Nrresult has the number among several results.
package main

import "example.com/mutants/rare"

func pair(n int) (int, uintptr) { return n, rare.Number }

func main() {
	_, n := pair(1)
	rare.Raw(n)
}
