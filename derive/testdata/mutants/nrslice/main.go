// SPDX-License-Identifier: Apache-2.0

// Nrslice takes the number from a slice.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	numbers := []uintptr{syscall.SYS_GETPID}
	numbers = append(numbers, rare.Number)
	rare.Raw(numbers[len(numbers)-1])
}
