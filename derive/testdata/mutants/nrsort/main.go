// SPDX-License-Identifier: Apache-2.0

// Nrsort has a callback of sorting get the number.
package main

import (
	"slices"

	"example.com/mutants/rare"
)

func main() {
	slices.SortFunc([]uintptr{rare.Number, rare.Number}, func(a, b uintptr) int { rare.Raw(a); return 0 })
}
