// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/bpf"
	xbpf "golang.org/x/net/bpf"
)

// farthest is how many instructions a conditional jump can skip: jt and jf have 8 bits.
const farthest = 255

// Layout writes the decision n as a program. Undecided answers 0, KILL_THREAD, but a
// complete diagram has no Undecided leaf. The program may have more instructions than
// the kernel takes: the caller checks that, and splits the decision.
//
// Instructions are written from the last to the first, so every target is known when a
// jump to it is written. There are no labels, and no pass repairs jumps. A decision that
// several vertices share is written once. Where a jump does not reach it, a copy of the
// return or an unconditional jump is written in between.
func (g *Graph) Layout(n Node, price Price) bpf.Program {
	g.Spend(len(g.vertices) / 8)
	w := writer{
		g: g, price: price,
		code:    make(bpf.Program, 0, 128),
		at:      make([]int32, len(g.vertices)),
		parents: make([]uint8, len(g.vertices)),
		heights: make([]uint8, len(g.vertices)),
		search:  search{g: g},
		tree:    tree{steps: make([]step, 0, 64), equal: make([]equality, 0, 64)},
	}
	w.count(n)
	at := w.block(n, nothing)
	if last := len(w.code) - 1; at.leaf || at.pos != last {
		w.reach(at, 0) // a leaf alone
	}
	slices.Reverse(w.code)
	return w.code
}

// Price says what layout should save.
type Price struct {
	// Known and Unknown say how many instructions one more instruction in the program
	// must save on the average path: Known in a vertex whose values have known weights
	// (Weigh), Unknown in the others.
	Known, Unknown float64
	// Spread is the part of the weight that all spans have alike, whatever is known of
	// them. It keeps the longest path short.
	Spread float64
}

// nothing says that it is not known which word the accumulator holds. No vertex looks at
// a mask of 0, so no word is equal to it.
var nothing = Word{}

// writer holds a program that grows at its front. code is in reverse order, so places in
// it stay valid: a place is the distance from the program's end.
type writer struct {
	g       *Graph
	price   Price
	code    bpf.Program
	at      []int32 // by node: 1 + the place in code of its first instruction, or of a leaf's latest return
	parents []uint8 // by node: how many vertices lead to it, at most 2
	heights []uint8 // by node: about how many instructions the longest path from it has
	search  search
	tree    tree // a stack: of the vertices that are being written
}

// target is a place in code, or a leaf whose return can be anywhere.
type target struct {
	leaf bool
	node Node
	pos  int
}

// count finds the heights of the vertices at and below n, and whether each has more
// than one parent.
func (w *writer) count(n Node) {
	spans := w.g.below(n)
	tallest := uint8(0)
	for i, s := range spans {
		if w.g.leaf(s.To) || i > 0 && spans[i-1].To == s.To || i > 1 && spans[i-2].To == s.To {
			continue
		}
		switch w.parents[s.To] {
		case 0:
			w.parents[s.To] = 1
			w.count(s.To)
		case 1:
			w.parents[s.To] = 2
		}
		tallest = max(tallest, w.heights[s.To])
	}
	chain := min(len(spans)/2, longestChain)
	thresholds := bits.Len(uint(len(spans) / (2 * longestChain)))
	w.heights[n] = min(tallest, 200) + uint8(1+chain+thresholds)
}

// block writes the decision n unless it is written already, and says where it begins.
// A vertex with one parent is reached with that parent's word in the accumulator, which
// is held: if n looks at the same word, the load is left out. A vertex with more parents
// always loads its word.
func (w *writer) block(n Node, held Word) target {
	if w.g.leaf(n) {
		return target{leaf: true, node: n}
	}
	if at := w.at[n]; at > 0 {
		return target{pos: int(at) - 1}
	}
	if w.parents[n] > 1 {
		held = nothing
	}
	word := w.g.vertices[n].word
	whole := Word{Index: word.Index, Mask: Whole}
	at := w.choose(n)
	if held != whole {
		at = w.write(xbpf.RawInstruction{Op: bpf.OpLdAbs, K: 4 * uint32(word.Index)})
	}
	w.at[n] = int32(at.pos) + 1
	return at
}

// choose writes the tests of a vertex, in the first of the ways of doc.go that fits.
func (w *writer) choose(n Node) target {
	word, spans := w.g.vertices[n].word, w.g.below(n)
	whole := Word{Index: word.Index, Mask: Whole}
	if word.Mask != Whole && len(spans) == 2 && spans[0].Last == 0 {
		zero := w.block(spans[0].To, whole)
		set := w.block(spans[1].To, whole)
		return w.test(bpf.OpJsetK, word.Mask, set, zero)
	}
	weigh, known := w.g.weigher(n)
	if known {
		return w.find(word, spans, weigh, true)
	}
	set, to, rest := flags(word, spans)
	at := w.find(word, rest, weigh, false)
	if set != 0 {
		at = w.test(bpf.OpJsetK, ^set, at, w.block(to, whole))
	}
	if word.Mask != Whole {
		at = w.write(xbpf.RawInstruction{Op: bpf.OpAndK, K: word.Mask})
	}
	return at
}

// find writes the search for the span that a value is in.
func (w *writer) find(word Word, spans []Span, weigh Weigh, known bool) target {
	if value, equal, others, ok := one(word, spans); ok {
		no := w.block(others, word)
		return w.test(bpf.OpJeqK, value, w.block(equal, word), no)
	}
	w.g.Spend(planSteps * len(spans))
	price := w.price.Unknown
	if known {
		price = w.price.Known
	}
	w.search.start(word, spans, weigh, w.heights, price, w.price.Spread)
	start := w.tree
	if known || !w.tree.list(&w.search) {
		w.tree.search(&w.search)
	}
	at, _ := w.step(word, spans, len(start.steps))
	w.tree.steps, w.tree.equal = w.tree.steps[:len(start.steps)], w.tree.equal[:len(start.equal)]
	return at
}

// one says whether a single equality decides. Most vertices are such.
func one(word Word, spans []Span) (value uint32, equal, others Node, ok bool) {
	switch {
	case len(spans) == 2 && spans[0].Last == 0:
		return 0, spans[0].To, spans[1].To, true
	case len(spans) == 3 && spans[0].To == spans[2].To:
		value, _ = word.ceil(spans[0].Last + 1)
		return value, spans[1].To, spans[0].To, value == spans[1].Last
	}
	return 0, Undecided, Undecided, false
}

// planSteps is about how many steps (Budget) it takes to plan the search for a span.
const planSteps = 16

// step writes the part of a search that begins at step i of the tree, and says at which
// step the next part begins.
func (w *writer) step(word Word, spans []Span, i int) (at target, next int) {
	s := w.tree.steps[i]
	if s.threshold == 0 {
		return w.chain(word, s), i + 1
	}
	value, _ := word.ceil(spans[s.threshold-1].Last + 1)
	low, next := w.step(word, spans, i+1)
	high, next := w.step(word, spans, next)
	return w.test(bpf.OpJgeK, value, high, low), next
}

// chain writes a chain of equalities. All targets are written before the first of them,
// so that the equalities stand together and jumps between them are short.
func (w *writer) chain(word Word, s step) target {
	at := w.block(s.rest, word)
	for i := s.end - 1; i >= s.first; i-- {
		w.block(w.tree.equal[i].to, word)
	}
	for i := s.end - 1; i >= s.first; i-- {
		e := w.tree.equal[i]
		at = w.test(bpf.OpJeqK, e.value, w.block(e.to, word), at)
	}
	return at
}

// test writes a comparison with k. It goes on at yes where the comparison holds, and at
// no elsewhere.
func (w *writer) test(op uint16, k uint32, yes, no target) target {
	jt := w.reach(yes, farthest-1) // reaching no may put one more instruction in between
	jf := w.reach(no, farthest)
	top := len(w.code)
	return w.write(xbpf.RawInstruction{Op: op, Jt: uint8(top - 1 - jt), Jf: uint8(top - 1 - jf), K: k})
}

// reach says at which place a jump that skips at most far instructions finds the target.
// If the target is farther away, reach writes a copy of the return, or a jump, first. A
// copy of a return is as long as a jump to it, and saves a step.
func (w *writer) reach(t target, far int) int {
	pos, ok := t.pos, true
	if t.leaf {
		pos, ok = int(w.at[t.node])-1, w.at[t.node] > 0
	}
	if skip := len(w.code) - 1 - pos; ok && skip <= far {
		return pos
	}
	if t.leaf {
		pos := w.write(xbpf.RawInstruction{Op: bpf.OpRetK, K: w.g.vertices[t.node].value}).pos
		w.at[t.node] = int32(pos) + 1
		return pos
	}
	return w.write(xbpf.RawInstruction{Op: bpf.OpJa, K: uint32(len(w.code) - 1 - pos)}).pos
}

// write puts an instruction in front of the program.
func (w *writer) write(i xbpf.RawInstruction) target {
	w.code = append(w.code, i)
	return target{pos: len(w.code) - 1}
}
