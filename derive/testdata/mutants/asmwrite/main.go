// SPDX-License-Identifier: Apache-2.0

// Asmwrite changes a number of Go's from assembly.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

var number uintptr = syscall.SYS_GETPID

func set()

func main() {
	set()
	rare.Raw(number)
}
