// SPDX-License-Identifier: Apache-2.0

// Nrarray takes the number from a table.
package main

import (
	"os"
	"syscall"

	"example.com/mutants/rare"
)

var numbers = [...]uintptr{syscall.SYS_GETPID, rare.Number}

func main() { rare.Raw(numbers[len(os.Args)%2]) }
