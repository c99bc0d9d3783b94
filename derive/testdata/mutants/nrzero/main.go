// SPDX-License-Identifier: Apache-2.0

// Nrzero has fields that one function sets and another reads, through an interface.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

type setter interface{ set() }

func (o *op) set() { o.number = rare.Number }

func main() {
	o := new(op)
	setter(o).set()
	rare.Raw(o.number)
}
