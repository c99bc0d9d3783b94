// SPDX-License-Identifier: Apache-2.0

// Nrunnamed assigns a structure without a name.
package main

import "example.com/mutants/rare"

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

func main() {
	value := struct{ number uintptr }{rare.Number}
	var o op = value
	o.run()
}
