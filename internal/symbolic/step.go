// SPDX-License-Identifier: Apache-2.0

package symbolic

import "math/bits"

// Diagrams are gone through several at once (Ite, Apply, Witness). A step is as much of the
// input as all of them can take in one go: many bits where they compare with one constant,
// one bit where they do not agree. The two functions that a diagram leaves on both sides of
// a step are its cofactors.

// step is a run on which several functions divide: where its bits are want all
// go on, and where any is not, those that start at its level are at their lo.
type step struct {
	level, len int
	want       uint32
}

// shared is the longest step that nodes which are not all leaves can take together.
func (g *Graph) shared(nodes ...Node) step {
	s := step{level: endLevel, len: 32}
	for _, n := range nodes {
		s.level = min(s.level, g.first(n))
	}
	if s.level == endLevel {
		return s
	}
	first := true
	for _, n := range nodes {
		level := g.first(n)
		if level > s.level {
			s.len = min(s.len, level-s.level)
			continue
		}
		v := &g.vertices[n]
		s.len = min(s.len, int(v.len))
		if first {
			s.want, first = v.want, false
		} else {
			s.len = min(s.len, bits.LeadingZeros32(s.want^v.want))
		}
	}
	s.len = max(s.len, 1)
	s.want &= ^uint32(0) << (32 - s.len)
	return s
}

// cofactors divides a function: what it is where the step's bits are as wanted, and
// where they are not.
func (g *Graph) cofactors(n Node, s step) (hi, lo Node) {
	if g.first(n) != s.level {
		return n, n
	}
	v := g.vertices[n]
	switch same := (v.want^s.want)>>31 == 0; {
	case s.len == int(v.len) && same:
		return v.hi, v.lo
	case s.len == int(v.len):
		return v.lo, v.hi
	case same:
		return g.rest(v, s.len), v.lo
	}
	return v.lo, g.rest(v, 1)
}

// rest is what is left of a run when its first bits were as wanted.
func (g *Graph) rest(v vertex, length int) Node {
	return g.vertex(int(v.level)+length, int(v.len)-length, v.want<<length, v.hi, v.lo)
}
