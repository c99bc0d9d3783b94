// SPDX-License-Identifier: Apache-2.0

// Nrhighconst has a constant with bits above the number, which the kernel ignores.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func main() { _, _, _ = syscall.RawSyscall(1<<32|rare.Number, 1, 0, 0) }
