// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"slices"

	"github.com/gosieve/sieve/bpf"
	xbpf "golang.org/x/net/bpf"
)

// Opcodes of the instructions that layout writes (linux/bpf_common.h).
const (
	opLoad = 0x20 // LD W ABS
	opAnd  = 0x54 // ALU AND K
	opJump = 0x05 // JMP JA
	opEq   = 0x15 // JMP JEQ K
	opGt   = 0x25 // JMP JGT K
	opGe   = 0x35 // JMP JGE K
	opSet  = 0x45 // JMP JSET K
	opRet  = 0x06 // RET K
)

// farthest is how many instructions a conditional jump can skip.
const farthest = 255

// Layout writes the decision n as a program. Open answers 0, KILL_THREAD: a
// diagram that is complete has none.
//
// Instructions are written from the last to the first, so that every target is
// known when a jump to it is: there are no labels and nothing is repaired. A
// decision that several vertices share is written once; where a jump does not
// reach it, a copy of the return or an unconditional jump stands in between.
func (g *Graph) Layout(n Node) bpf.Program {
	w := writer{g: g, blocks: map[Node]int{}, returns: map[Node]int{}, shared: g.shared(n)}
	at := w.block(n, nothing)
	if last := len(w.code) - 1; at.leaf || at.pos != last {
		w.reach(at, 0) // a leaf alone
	}
	slices.Reverse(w.code)
	return w.code
}

// nothing says that the accumulator holds no known word.
var nothing = Word{}

// writer holds a program that grows at its front: code is in reverse.
type writer struct {
	g       *Graph
	code    bpf.Program
	blocks  map[Node]int  // where a vertex's first instruction is in code
	returns map[Node]int  // where a leaf's latest return is in code
	shared  map[Node]bool // vertices with more than one parent
}

// target is a place in code, or a leaf whose return can be anywhere.
type target struct {
	leaf bool
	node Node
	pos  int
}

// shared finds the vertices below n that have more than one parent.
func (g *Graph) shared(n Node) map[Node]bool {
	shared := map[Node]bool{}
	var walk func(Node)
	walk = func(n Node) {
		var seen Node = -1
		for _, s := range g.vertices[n].spans {
			if g.leaf(s.To) || s.To == seen {
				continue
			}
			seen = s.To
			again, known := shared[s.To]
			shared[s.To] = known
			if !known && !again {
				walk(s.To)
			}
		}
	}
	walk(n)
	return shared
}

// block writes the decision n unless it is there, and says where it begins. The
// accumulator holds the word held when a vertex with one parent is reached.
func (w *writer) block(n Node, held Word) target {
	if w.g.leaf(n) {
		return target{leaf: true, node: n}
	}
	if pos, ok := w.blocks[n]; ok {
		return target{pos: pos}
	}
	v := &w.g.vertices[n]
	if w.shared[n] {
		held = nothing
	}
	whole := Word{Rank: v.word.Rank, Index: v.word.Index, Mask: Whole}
	var at target
	if zero, set, ok := v.bit(); ok {
		a := w.block(zero, whole)
		b := w.block(set, whole)
		at = w.test(opSet, v.word.Mask, b, a)
	} else {
		segments := v.segments()
		at = w.tree(v, segments)
		if v.word.Mask != whole.Mask {
			at = w.write(xbpf.RawInstruction{Op: opAnd, K: v.word.Mask})
		}
	}
	if held != whole {
		at = w.write(xbpf.RawInstruction{Op: opLoad, K: 4 * uint32(v.word.Index)})
	}
	w.blocks[n] = at.pos
	return at
}

// bit says whether one JSET decides the vertex: on a part of a word that is zero
// or not.
func (v *vertex) bit() (zero, set Node, ok bool) {
	if v.word.Mask == Whole || len(v.spans) != 2 || v.spans[0].Last != 0 {
		return 0, 0, false
	}
	return v.spans[0].To, v.spans[1].To, true
}

// segments cuts the vertex's spans and weighs the segments.
func (v *vertex) segments() []segment {
	segments := v.word.cut(v.spans)
	for i := range segments {
		s := &segments[i]
		s.weight = v.weigh(s.start, v.spans[s.last].Last)
	}
	return segments
}

// tree writes the search among segments.
func (w *writer) tree(v *vertex, segments []segment) target {
	if len(segments) == 1 {
		return w.chain(v, segments[0])
	}
	at := split(segments)
	high := w.tree(v, segments[at:])
	low := w.tree(v, segments[:at])
	return w.test(opGe, segments[at].start, high, low)
}

// chain writes the equalities of a segment.
func (w *writer) chain(v *vertex, s segment) target {
	at := w.block(s.rest, v.word)
	for i := s.last; i >= s.first; i-- {
		if v.spans[i].To != s.rest {
			w.block(v.spans[i].To, v.word)
		}
	}
	for i := s.last; i >= s.first; i-- {
		if v.spans[i].To != s.rest {
			at = w.test(opEq, v.spans[i].Last, w.block(v.spans[i].To, v.word), at)
		}
	}
	return at
}

// test writes a comparison with k: to yes where it holds, else to no.
func (w *writer) test(op uint16, k uint32, yes, no target) target {
	jt := w.reach(yes, farthest-1) // no may need one instruction more
	jf := w.reach(no, farthest)
	top := len(w.code)
	return w.write(xbpf.RawInstruction{Op: op, Jt: uint8(top - 1 - jt), Jf: uint8(top - 1 - jf), K: k})
}

// reach says where a jump that skips at most far instructions finds the target,
// and writes a copy of the return or a jump if it is nowhere near.
func (w *writer) reach(t target, far int) int {
	pos, ok := t.pos, true
	if t.leaf {
		pos, ok = w.returns[t.node]
	}
	if skip := len(w.code) - 1 - pos; ok && skip <= far {
		return pos
	}
	if t.leaf {
		w.returns[t.node] = len(w.code)
		return w.write(xbpf.RawInstruction{Op: opRet, K: w.g.vertices[t.node].value}).pos
	}
	return w.write(xbpf.RawInstruction{Op: opJump, K: uint32(len(w.code) - 1 - pos)}).pos
}

// write puts an instruction in front.
func (w *writer) write(i xbpf.RawInstruction) target {
	w.code = append(w.code, i)
	return target{pos: len(w.code) - 1}
}
