// SPDX-License-Identifier: Apache-2.0

// Nrarraycopy assigns a whole array.
package main

import (
	"os"
	"syscall"

	"example.com/mutants/rare"
)

func main() {
	a := [2]uintptr{syscall.SYS_GETPID, rare.Number}
	b := a
	rare.Raw(b[len(os.Args)%2])
}
