// SPDX-License-Identifier: Apache-2.0

// Nrsscan has fmt.Sscan write a variable.
package main

import (
	"fmt"
	"strconv"

	"example.com/mutants/rare"
)

func main() {
	var n uintptr
	_, _ = fmt.Sscan(strconv.Itoa(rare.Number), &n)
	rare.Raw(n)
}
