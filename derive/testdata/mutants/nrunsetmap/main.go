// SPDX-License-Identifier: Apache-2.0

// Nrunsetmap looks for a key that the map does not have.
package main

import (
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	m := map[int]uintptr{1: syscall.SYS_GETPID}
	rare.Raw(m[2])
}
