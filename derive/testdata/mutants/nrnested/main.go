// SPDX-License-Identifier: Apache-2.0

// Nrnested copies a structure within another.
package main

import "example.com/mutants/rare"

type inner struct{ number uintptr }

type outer struct{ inner inner }

func main() {
	var o outer
	make := func() inner { return inner{rare.Number} }
	o.inner = make()
	rare.Raw(o.inner.number)
}
