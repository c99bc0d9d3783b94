// SPDX-License-Identifier: Apache-2.0

// Deadarch has a number that only another architecture would reach.
package main

import (
	"runtime"

	"example.com/mutants/rare"
)

func number() uintptr {
	if runtime.GOARCH == "s390x" {
		return 0
	}
	return rare.Number
}

func main() { rare.Raw(number()) }
