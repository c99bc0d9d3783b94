// SPDX-License-Identifier: Apache-2.0

// Nrunsetlocal has a variable that one way leaves at zero.
package main

import (
	"os"
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	var n uintptr
	if len(os.Args) > 5 {
		n = syscall.SYS_GETPID
	}
	rare.Raw(n)
}
