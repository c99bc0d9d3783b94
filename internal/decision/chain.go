// SPDX-License-Identifier: Apache-2.0

package decision

import "slices"

// longestChain bounds the equalities in a row, because the costs of all chains stand in
// a table that is widest entries wide. The bound is not sharp: with 4 to 8 the filter of
// Docker's default profile has 242 to 244 instructions, and the same mean path. widest
// is the number of spans that longestChain values can tell apart: each value is a span,
// with a span of the rest on both sides.
const (
	longestChain = 6
	widest       = 2*longestChain + 1
)

// none is the cost of a search that is impossible.
const none = ^uint32(0)

// chain is equalities in a row, and the target of the values that match none.
type chain struct {
	equal [longestChain]equality // the heaviest first
	n     int
	rest  Node
}

type equality struct {
	value, weight uint32
	to            Node
}

// link finds the cost of every chain of spans that stand side by side. It takes the
// equalities in the order of their values, although take puts the heaviest first: the
// costs then grow span by span, and are near enough to choose by.
func (s *search) link() {
	n := len(s.spans)
	s.chains = slices.Grow(s.chains[:0], n*widest)[:n*widest]
	for i := range n {
		row := s.chains[i*widest:][:widest]
		l := link{rest: s.spans[i].To, fixed: s.many(i)}
		for k := range min(widest, n-i) {
			if !l.add(s, i, i+k) {
				for ; k < widest; k++ {
					row[k] = none
				}
				break
			}
			row[k] = l.cost
		}
	}
}

// link is the cost of a chain to which spans are added.
type link struct {
	rest  Node
	fixed bool // a span with many values leads to rest, so rest cannot change
	n     uint32
	cost  uint32
	left  uint32 // the weight of all spans but those that have equalities
}

// many says whether a span holds more values than equalities are good for. Up to two
// equalities cost no more than the two thresholds around a span.
func (s *search) many(i int) bool { return s.spans[i].Last-s.first[i] > 1 }

// add adds span i to the chain that begins at span first. If the span has many values,
// it must be what is left over, and the spans before it become equalities. ok is false
// if the chain would need two such targets, or too many equalities.
func (l *link) add(s *search, first, i int) (ok bool) {
	to, weight := s.spans[i].To, s.weight(i, i+1)
	many := s.many(i)
	if to != l.rest && many {
		if l.fixed {
			return false
		}
		*l = link{rest: to, fixed: true} // count again: the spans before it hold few values
		for j := first; j < i; j++ {
			if !l.add(s, first, j) {
				return false
			}
		}
	}
	l.cost += l.n * weight
	if to == l.rest {
		l.fixed = l.fixed || many
		l.left += weight
		return true
	}
	tests := s.spans[i].Last - s.first[i] + 1
	l.n += tests
	l.cost += tests * (s.price + l.left + weight)
	return l.n <= longestChain
}

// chain is the chain of the spans from first up to end, excluded. link must have found
// it possible.
func (s *search) chain(first, end int) chain {
	c := chain{rest: s.spans[first].To}
	for i := first; i < end; i++ {
		if s.many(i) {
			c.rest = s.spans[i].To
			break
		}
	}
	for i := first; i < end; i++ {
		if to := s.spans[i].To; to != c.rest {
			c.take(s.first[i], s.spans[i].Last, s.weight(i, i+1), to)
		}
	}
	return c
}

// take adds equalities for the values of a span, the heaviest of the chain first. The
// span's weight counts for its first value: which of two values comes up is not known.
func (c *chain) take(first, last, weight uint32, to Node) {
	for value := first; ; value++ {
		at := c.n
		for ; at > 0 && c.equal[at-1].weight < weight; at-- {
			c.equal[at] = c.equal[at-1]
		}
		c.equal[at] = equality{value, weight, to}
		c.n++
		if value == last {
			return
		}
		weight = 0
	}
}
