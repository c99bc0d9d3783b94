// SPDX-License-Identifier: Apache-2.0

// Heap makes the call in the Push of a container/heap.
package main

import (
	"container/heap"

	"example.com/mutants/rare"
)

type list []int

func (l list) Len() int           { return len(l) }
func (l list) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l list) Less(i, j int) bool { return l[i] < l[j] }
func (l *list) Push(v any)        { rare.Call(); *l = append(*l, v.(int)) }
func (l *list) Pop() any          { return nil }

func main() { heap.Push(&list{}, 1) }
