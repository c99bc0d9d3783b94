// SPDX-License-Identifier: Apache-2.0

// Nrclosures has a closure for each number.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	var list []func()
	for _, n := range []uintptr{syscall.SYS_GETPID, rare.Number} {
		list = append(list, func() { rare.Raw(n) })
	}
	for _, f := range list {
		f()
	}
}
