// SPDX-License-Identifier: Apache-2.0

// Nrsum adds in one byte, which runs over: a longer sum would be another call.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func sum(a, b uint8) uintptr { return uintptr(a + b) }

func main() { rare.Raw(sum(250, syscall.SYS_SHMDT+6)) }
