// SPDX-License-Identifier: Apache-2.0

// Nrmalloc has the number in a new variable that a callee sets.
package main

import "example.com/mutants/rare"

func set(p *uintptr) { *p = rare.Number }

func main() {
	n := new(uintptr)
	set(n)
	rare.Raw(*n)
}
