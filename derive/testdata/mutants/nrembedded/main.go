// SPDX-License-Identifier: Apache-2.0

// Nrembedded has the number in a structure that another embeds, behind an interface.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

type outer struct{ *op }

func main() {
	var r interface{ run() } = outer{&op{rare.Number}}
	r.run()
}
