// SPDX-License-Identifier: Apache-2.0

// Nrflag has package flag write a field.
package main

import (
	"flag"

	"example.com/mutants/rare"
)

type op struct{ number uint }

func main() {
	var o op
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.UintVar(&o.number, "n", rare.Number, "")
	_ = set.Parse(nil)
	rare.Raw(uintptr(o.number))
}
