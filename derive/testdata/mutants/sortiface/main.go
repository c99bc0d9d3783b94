// SPDX-License-Identifier: Apache-2.0

// Sortiface makes the call in the Less of a sort.Interface that is reversed.
package main

import (
	"sort"

	"example.com/mutants/rare"
)

type list []int

func (l list) Len() int           { return len(l) }
func (l list) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l list) Less(i, j int) bool { rare.Call(); return l[i] < l[j] }

func main() { sort.Sort(sort.Reverse(list{1, 2})) }
