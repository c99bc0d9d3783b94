// SPDX-License-Identifier: Apache-2.0

// Nrlen is the length of a string.
package main

import (
	"strings"

	"example.com/mutants/rare"
)

func main() { rare.Raw(uintptr(len(strings.Repeat("x", rare.Number)))) }
