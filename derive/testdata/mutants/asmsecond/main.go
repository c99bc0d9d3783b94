// SPDX-License-Identifier: Apache-2.0

// Asmsecond takes its second parameter for the number, of a structure.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

type pair struct{ a, b uintptr }

func call(p pair, arg uint32)

func main() { call(pair{syscall.SYS_GETPID, rare.Number}, 1) }
