// SPDX-License-Identifier: Apache-2.0

// Nrmethod asks an interface for the number.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type numbered interface{ number() uintptr }

type one struct{}

type two struct{}

func (one) number() uintptr { return syscall.SYS_GETPID }
func (two) number() uintptr { return rare.Number }

func main() {
	for _, n := range []numbered{one{}, two{}} {
		rare.Raw(n.number())
	}
}
