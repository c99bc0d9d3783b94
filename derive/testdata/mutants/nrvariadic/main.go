// SPDX-License-Identifier: Apache-2.0

// Nrvariadic has the number among variadic parameters.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func all(numbers ...uintptr) {
	for _, n := range numbers {
		rare.Raw(n)
	}
}

func main() { all(syscall.SYS_GETPID, rare.Number) }
