// SPDX-License-Identifier: Apache-2.0

// Nrcaptured changes the number after it was captured.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	n := uintptr(syscall.SYS_GETPID)
	f := func() { rare.Raw(n) }
	n = rare.Number
	f()
}
