// SPDX-License-Identifier: Apache-2.0

// Nrunsetglobal has a variable of the package that is read before it is set.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

var number uintptr

func main() {
	rare.Raw(number)
	number = syscall.SYS_GETPID
}
