// SPDX-License-Identifier: Apache-2.0

package symbolic

import "math/bits"

// Most conditions of filters compare a whole word with a constant, and what follows them
// looks at no earlier word and not at this one. Then the function of the two ways is found
// along the bits of the constant. The general way makes a diagram of the condition first
// and joins three diagrams (Ite), which takes most of the time of a proof.
//
// If the two ways look at the same word too, as in a search tree of a filter, the walk
// along the bits goes down in all three at once. That is still shorter than Ite, whose
// cache would have to hold each step.

// branch is the function that is yes where the comparison holds, and no elsewhere. JSET
// with more than one bit, a masked A, an operand in X, and words whose bits are
// interleaved take the general way.
//
// JGT k is JGE k+1. It never holds for the largest k, where k+1 would be 0 and always
// hold.
func (e *explorer) branch(i Instruction, s state, yes, no Node) Node {
	if s.a.kind == input && s.a.k == ^uint32(0) && !i.usesX() && e.contiguous(s.a.word) {
		level := int(e.level[s.a.word][31])
		if e.first(yes) >= level && e.first(no) >= level {
			switch i.Op & opMask {
			case jmpJeq:
				return e.point(level, 32, i.K, yes, no)
			case jmpJge:
				return e.above(level, 32, i.K, yes, no)
			case jmpJgt:
				if i.K == ^uint32(0) {
					return no
				}
				return e.above(level, 32, i.K+1, yes, no)
			}
		}
	}
	return e.Ite(e.condition(i, s), yes, no)
}

// point is the function that is f where the next left bits from level on are the highest
// bits of k, and h elsewhere: a comparison for equality.
//
// f and h may look at bits of the same word. A step then is as long as both can take with
// it, and their cofactors go on below. If they do not, the one step is the whole word.
func (g *Graph) point(level, left int, k uint32, f, h Node) Node {
	if f == h || left == 0 {
		return f
	}
	s := g.common(g.common(step{level, left, k}, f), h)
	f1, _ := g.cofactors(f, s)
	h1, h0 := g.cofactors(h, s)
	return g.run(level, s.len, s.want, g.point(level+s.len, left-s.len, k<<s.len, f1, h1), h0)
}

// above is the function that is f where the next left bits from level on are a number of
// at least the highest bits of k, and h elsewhere. It goes down in runs of equal bits of k:
// in a run of 0 any bit that is 1 makes the number greater, in a run of 1 any bit that is 0
// makes it less.
//
// For k = 0xc000003e the runs are 2 bits of 1, 24 of 0 and 5 of 1, so there are
// three vertices. The last bit needs none: any number is at least 0 (k == 0).
func (g *Graph) above(level, left int, k uint32, f, h Node) Node {
	if f == h || k == 0 {
		return f
	}
	s := step{level, bits.LeadingZeros32(k), 0}
	if s.len == 0 {
		s.len, s.want = bits.LeadingZeros32(^k), k
	}
	s.len = min(s.len, left)
	s = g.common(g.common(s, f), h)
	f1, f0 := g.cofactors(f, s)
	h1, h0 := g.cofactors(h, s)
	n := g.above(level+s.len, left-s.len, k<<s.len, f1, h1)
	if s.want == 0 {
		return g.run(level, s.len, 0, n, f0)
	}
	return g.run(level, s.len, s.want, n, h0)
}

// common is the longest part of a step that n can take too.
//
// A step has one bit at least, so that the recursion always goes down.
func (g *Graph) common(s step, n Node) step {
	if level := g.first(n); level > s.level {
		s.len = min(s.len, level-s.level)
	} else {
		v := &g.vertices[n]
		s.len = max(min(s.len, int(v.len), bits.LeadingZeros32(s.want^v.want)), 1)
	}
	s.want &= ^uint32(0) << (32 - s.len)
	return s
}
