// SPDX-License-Identifier: Apache-2.0

// Nrunset has a field that one value leaves at zero, which is a call's number.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type op struct{ number uintptr }

func (o op) run() { rare.Raw(o.number) }

func main() {
	for _, o := range []op{{syscall.SYS_GETPID}, {}} {
		o.run()
	}
}
