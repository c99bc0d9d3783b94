// SPDX-License-Identifier: Apache-2.0

// Nrmaplocal takes the number from a map of structures.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func main() {
	m := map[int]op{}
	m[1] = op{rare.Number}
	if o, ok := m[1]; ok {
		rare.Raw(o.number)
	}
}
