// SPDX-License-Identifier: Apache-2.0

// Nrargv reads the number from the command line.
package main

import (
	"os"
	"strconv"

	"example.com/mutants/rare"
)

func main() {
	if len(os.Args) < 2 {
		return
	}
	n, _ := strconv.Atoi(os.Args[1])
	rare.Raw(uintptr(n))
}
