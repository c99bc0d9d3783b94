// SPDX-License-Identifier: Apache-2.0

// Nrsyscalln passes the number with the rest as one slice.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func spread(a ...uintptr) { _, _, _ = syscall.Syscall(a[0], a[1], a[2], a[3]) }

func main() { spread(rare.Number, 1, 0, 0) }
