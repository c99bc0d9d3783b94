// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
)

// state is where the program is and what it knows: an instruction, the ABI of the call (0
// if it was not asked yet) and the accumulator, which is unknown too where nothing reads it
// any more.
type state struct {
	abi arch.Arch
	pc  int
	acc accumulator
}

// knowledge is what is certain of the calls that come to a state: their numbers and tokens.
type knowledge struct {
	numbers Set
	tokens  Set
}

// union is what is certain if either is.
func (k knowledge) union(o knowledge) knowledge {
	return knowledge{k.numbers.union(o.numbers), k.tokens.union(o.tokens)}
}

// vertex is what the program does from a state on, up to the next vertices.
type vertex struct {
	state
	knowledge
	kind  Kind
	value uint32 // Answer: what is returned
	// Test: the field, the bits of its halves that are compared (low, high), and which
	// halves are compared at all.
	field  int
	masks  [2]uint32
	tested [2]bool
	exits  []exit
	pcs    []int // ascending
	last   int   // Code: the last instruction; the first is pc
}

// exit is where a vertex leads, and for which values of the field. A vertex of code has no
// region: its first exit is taken if the comparison holds.
type exit struct {
	to     state
	region Region
}

// whole says whether the values of a test are those of the field, and not of some of its bits.
func (v *vertex) whole() bool { return v.masks == [2]uint32{most, most} }

// needed says for each instruction whether something reads the accumulator from there on
// before it is loaded anew.
func needed(p bpf.Program) []bool {
	need := make([]bool, len(p)+1)
	for pc := len(p) - 1; pc >= 0; pc-- {
		switch i := p[pc]; i.Op {
		case bpf.OpLdAbs, bpf.OpLdImm, bpf.OpLdMem, bpf.OpLdLen, bpf.OpTxa, bpf.OpRetK:
		case bpf.OpStx, bpf.OpLdxImm, bpf.OpLdxMem, bpf.OpLdxLen:
			need[pc] = need[pc+1]
		case bpf.OpJa:
			need[pc] = need[pc+1+int(i.K)]
		default:
			need[pc] = true
		}
	}
	return need
}

// branches says whether an instruction is a conditional jump.
func branches(op uint16) bool {
	switch op {
	case bpf.OpJeqK, bpf.OpJeqX, bpf.OpJgtK, bpf.OpJgtX, bpf.OpJgeK, bpf.OpJgeX, bpf.OpJsetK, bpf.OpJsetX:
		return true
	}
	return false
}

// ends says whether an instruction is the last of its basic block.
func ends(op uint16) bool {
	return op == bpf.OpJa || op == bpf.OpRetK || op == bpf.OpRetA || branches(op)
}

// entries says which instructions are jumped to.
func entries(p bpf.Program) []bool {
	is := make([]bool, len(p)+1)
	for pc, i := range p {
		for _, to := range jumps(p, pc) {
			is[to] = is[to] || ends(i.Op)
		}
	}
	return is
}

// jumps is the instructions that may follow one: of a conditional jump the one for yes first.
func jumps(p bpf.Program, pc int) []int {
	switch i := p[pc]; {
	case i.Op == bpf.OpRetK || i.Op == bpf.OpRetA:
		return nil
	case i.Op == bpf.OpJa:
		return []int{pc + 1 + int(i.K)}
	case branches(i.Op):
		return []int{pc + 1 + int(i.Jt), pc + 1 + int(i.Jf)}
	}
	return []int{pc + 1}
}
