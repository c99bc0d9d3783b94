// SPDX-License-Identifier: Apache-2.0

// Nrbound binds a method to a receiver that has the number.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

func main() {
	f := op{rare.Number}.run
	f()
}
