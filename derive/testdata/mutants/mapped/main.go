// SPDX-License-Identifier: Apache-2.0

// Mapped keeps a closure in a map.
package main

import "example.com/mutants/rare"

func main() {
	m := map[string]func(){}
	m["x"] = func() { rare.Call() }
	for _, f := range m {
		f()
	}
}
