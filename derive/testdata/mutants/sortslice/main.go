// SPDX-License-Identifier: Apache-2.0

// Sortslice makes the call in the callback of sort.Slice.
package main

import (
	"sort"

	"example.com/mutants/rare"
)

func main() {
	s := []int{2, 1}
	sort.Slice(s, func(i, j int) bool { rare.Call(); return s[i] < s[j] })
}
