// SPDX-License-Identifier: Apache-2.0

// Sortfunc makes the call in the callback of slices.SortFunc.
package main

import (
	"slices"

	"example.com/mutants/rare"
)

func main() { slices.SortFunc([]int{2, 1}, func(a, b int) int { rare.Call(); return a - b }) }
