// SPDX-License-Identifier: Apache-2.0

// Nrconvertpointer writes a field through a pointer of another type.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

type other struct{ number uintptr }

func main() {
	o := op{syscall.SYS_GETPID}
	(*other)(&o).number = rare.Number
	o.run()
}
