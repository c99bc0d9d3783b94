// SPDX-License-Identifier: Apache-2.0

// Variadic calls each of its parameters.
package main

import "example.com/mutants/rare"

func all(list ...func()) {
	for _, f := range list {
		f()
	}
}

func main() { all(func() {}, rare.Call) }
