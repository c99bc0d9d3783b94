// SPDX-License-Identifier: Apache-2.0

package flow

import "github.com/gosieve/sieve/bpf"

// blocks is the graph of a program's basic blocks: runs of instructions that are entered at
// their start alone. It is linear in the program, whatever that does.
func blocks(p bpf.Program) Graph {
	b := &builder{program: p, equal: map[string]int{}}
	entry := entries(p)
	ids := make([]int, len(p)+1) // by instruction that a block begins with
	last := len(p) - 1
	for pc := last; pc >= 0; pc-- {
		if ends(p[pc].Op) || entry[pc+1] {
			last = pc
		}
		switch {
		case p[pc].Op == bpf.OpRetK:
			ids[pc] = b.answer(0, p[pc].K, nil, []int{pc})
		case pc == 0 || entry[pc] || ends(p[pc-1].Op):
			ids[pc] = b.block(p, pc, last, ids)
		}
	}
	return b.finish(ids[0])
}

// block is the node of the instructions from first to last. A return of a constant at their end
// is a node of its own.
func (b *builder) block(p bpf.Program, first, last int, ids []int) int {
	n := Node{Kind: Code, Cluster: -1, Instructions: []Range{{first, last}}}
	next := jumps(p, last)
	if p[last].Op == bpf.OpRetK {
		next = []int{last}
		last--
		n.Instructions[0].To = last
	}
	n.Lines = b.lines(first, last)
	for k, pc := range next {
		next[k] = ids[pc]
	}
	n.Edges = branch(next)
	return b.add(n)
}
