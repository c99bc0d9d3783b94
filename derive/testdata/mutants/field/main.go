// SPDX-License-Identifier: Apache-2.0

// Field keeps a closure in a field.
package main

import "example.com/mutants/rare"

type box struct{ f func() }

func use(b *box) { b.f() }

func main() {
	n := 1
	use(&box{func() {
		if n > 0 {
			rare.Call()
		}
	}})
}
