// SPDX-License-Identifier: Apache-2.0

// Nrclosure captures the number.
package main

import "example.com/mutants/rare"

func main() {
	n := uintptr(rare.Number)
	f := func() { rare.Raw(n) }
	f()
}
