// SPDX-License-Identifier: Apache-2.0

// Nrloop counts to the number.
package main

import "example.com/mutants/rare"

func main() {
	for n := uintptr(rare.Number - 1); n <= rare.Number; n++ {
		if n == rare.Number {
			rare.Raw(n)
		}
	}
}
