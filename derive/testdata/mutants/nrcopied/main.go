// SPDX-License-Identifier: Apache-2.0

// Nrcopied copies a whole structure over another.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

var current op

func main() {
	current = op{rare.Number}
	local := new(op)
	*local = current
	rare.Raw(local.number)
}
