// SPDX-License-Identifier: Apache-2.0

// Nrunsetresult has a named result that nothing sets.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func number(set bool) (n uintptr) {
	if set {
		n = syscall.SYS_GETPID
	}
	return
}

func main() { rare.Raw(number(false)) }
