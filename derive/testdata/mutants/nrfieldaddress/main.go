// SPDX-License-Identifier: Apache-2.0

// Nrfieldaddress writes a field through its address, in another function.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

func set(p *uintptr) { *p = rare.Number }

func main() {
	var o op
	set(&o.number)
	o.run()
}
