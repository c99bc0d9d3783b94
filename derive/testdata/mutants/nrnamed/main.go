// SPDX-License-Identifier: Apache-2.0

// Nrnamed changes a named result in a deferred function.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func number() (n uintptr) {
	defer func() { n = rare.Number }()
	return syscall.SYS_GETPID
}

func main() { rare.Raw(number()) }
