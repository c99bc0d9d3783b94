// SPDX-License-Identifier: Apache-2.0

// Nrphi chooses among constants.
package main

import (
	"os"
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	n := uintptr(syscall.SYS_GETPID)
	if len(os.Args) > 0 {
		n = rare.Number
	}
	rare.Raw(n)
}
