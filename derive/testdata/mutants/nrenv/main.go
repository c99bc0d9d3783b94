// SPDX-License-Identifier: Apache-2.0

// Nrenv reads the number from the environment.
package main

import (
	"os"
	"strconv"

	"example.com/mutants/rare"
)

func main() {
	n, _ := strconv.ParseUint(os.Getenv("NUMBER"), 10, 64)
	if n != 0 {
		rare.Raw(uintptr(n))
	}
}
