// SPDX-License-Identifier: Apache-2.0

package decision

import "slices"

// longestChain bounds the equalities in a row, and widest the spans that so many
// can tell apart.
const (
	longestChain = 6
	widest       = 2*longestChain + 1
)

// none is the cost of what cannot be done.
const none = ^uint32(0)

// chain is equalities in a row, and what is left when all have failed.
type chain struct {
	equal [longestChain]equality // the heaviest first
	n     int
	rest  Node
	fixed bool   // some span leads to rest that holds many values
	spans int    // how many there are
	total uint32 // their weight
}

type equality struct {
	value, weight uint32
	to            Node
}

// link finds the cost of every chain.
func (s *search) link() {
	n := len(s.spans)
	s.chains = slices.Grow(s.chains[:0], n*widest)[:n*widest]
	for i := range n {
		var c chain
		ok := true
		for k := range min(widest, n-i) {
			cost := none
			if ok = ok && c.add(s, i+k); ok {
				cost = c.cost(s.price)
			}
			s.chains[i*widest+k] = cost
		}
	}
}

// add makes the chain longer by span i; ok is false if equalities alone cannot
// tell it from the spans before it, or too many would be needed.
func (c *chain) add(s *search, i int) (ok bool) {
	to, weight := s.spans[i].To, s.weight(i, i+1)
	many := s.spans[i].Last-s.first[i] > 1 // two equalities cost no more than two thresholds
	if c.spans == 0 {
		c.rest, c.fixed = to, many
	}
	c.spans++
	c.total += weight
	if to == c.rest {
		c.fixed = c.fixed || many
		return true
	}
	if !many {
		return c.take(s.first[i], s.spans[i].Last, weight, to)
	}
	if c.fixed {
		return false
	}
	return c.turn(s, i)
}

// take adds equalities for one value or two.
func (c *chain) take(value, last, weight uint32, to Node) (ok bool) {
	for {
		if c.n == longestChain {
			return false
		}
		at := c.n
		for ; at > 0 && c.equal[at-1].weight < weight; at-- {
			c.equal[at] = c.equal[at-1]
		}
		c.equal[at] = equality{value, weight, to}
		c.n++
		if value == last {
			return true
		}
		value, weight = last, 0
	}
}

// turn makes the target of span i the rest: it holds many values and those before
// it do not.
func (c *chain) turn(s *search, i int) (ok bool) {
	all := chain{rest: s.spans[i].To, fixed: true, spans: c.spans, total: c.total}
	for j := i + 1 - c.spans; j < i; j++ {
		if to := s.spans[j].To; to != all.rest && !all.take(s.first[j], s.spans[j].Last, s.weight(j, j+1), to) {
			return false
		}
	}
	*c = all
	return true
}

// cost is the weighted number of tests and their price.
func (c *chain) cost(price uint32) uint32 {
	cost, left := uint32(c.n)*price, c.total
	for _, e := range c.equal[:c.n] {
		cost += left
		left -= e.weight
	}
	return cost
}
