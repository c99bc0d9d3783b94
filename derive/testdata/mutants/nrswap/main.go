// SPDX-License-Identifier: Apache-2.0

// Nrswap swaps two numbers.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	a, b := uintptr(rare.Number), uintptr(syscall.SYS_GETPID)
	for range 3 {
		a, b = b, a
	}
	rare.Raw(b)
}
