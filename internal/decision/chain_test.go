// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// searchOf readies a search for spans of a whole word.
func searchOf(spans []Span, weigh Weigh, price float64) *search {
	heights := make([]uint8, 16)
	s := &search{g: New(8)}
	s.start(Word{Mask: Whole}, spans, weigh, heights, price, 0)
	return s
}

// pays is the cost of a chain that was made: each span's weight for every equality on
// its way, and the price of each equality.
func (c *chain) pays(s *search, first, end int) (cost uint32) {
	for i := first; i < end; i++ {
		at := slices.IndexFunc(c.equal[:c.n], func(e equality) bool { return e.value == s.spans[i].Last })
		if at < 0 {
			at = c.n - 1
		}
		cost += uint32(at+1) * s.weight(i, i+1)
	}
	return cost + uint32(c.n)*s.price
}

// TestChain: values of a chain that match no equality lead to the rest.
func TestChain(t *testing.T) {
	tests := map[string]struct {
		spans []Span
		rest  Node
		equal []uint32 // nil if there is no such chain
	}{
		"one value in a range":          {[]Span{{6, 1}, {7, 2}, {Whole, 1}}, 1, []uint32{7}},
		"the range stands behind":       {[]Span{{0, 1}, {1, 2}, {Whole, 3}}, 3, []uint32{0, 1}},
		"the range stands before":       {[]Span{{9, 1}, {10, 2}, {11, 3}}, 1, []uint32{10, 11}},
		"two values are two equalities": {[]Span{{1, 1}, {Whole, 2}}, 2, []uint32{0, 1}},
		"two ranges are no chain":       {[]Span{{9, 1}, {Whole, 2}}, 0, nil},
		"six values":                    {[]Span{{0, 1}, {1, 2}, {2, 3}, {3, 1}, {4, 2}, {5, 3}, {Whole, 4}}, 4, []uint32{0, 1, 2, 3, 4, 5}},
		"seven values are too many":     {[]Span{{0, 1}, {1, 2}, {2, 3}, {3, 1}, {4, 2}, {5, 3}, {6, 1}, {Whole, 4}}, 0, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := searchOf(tt.spans, evenly, 0.1)
			s.link()
			cost := s.chains[len(tt.spans)-1]
			if tt.equal == nil {
				assert.Equal(t, none, cost)
				return
			}
			assert.NotEqual(t, none, cost)
			c := s.chain(0, len(tt.spans))
			var values []uint32
			for _, e := range c.equal[:c.n] {
				values = append(values, e.value)
			}
			slices.Sort(values)
			assert.Equal(t, tt.equal, values)
			assert.Equal(t, tt.rest, c.rest)
		})
	}
}

// TestLink: the cost that a search is planned with is never less than what the chain
// costs when its heaviest equality comes first.
func TestLink(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	chains, exact := 0, 0
	for range 3000 {
		var spans []Span
		last := uint32(0)
		for range 2 + r.IntN(8) {
			last += 1 + r.Uint32N(2)*r.Uint32N(3)
			to := Node(1 + r.IntN(3))
			if n := len(spans); n > 0 && spans[n-1].To == to {
				to = to%3 + 1
			}
			spans = append(spans, Span{last, to})
		}
		s := searchOf(spans, func(first, last uint32) uint32 { return 1 + first*7%13 }, 0.2)
		s.link()
		for i := range spans {
			for k := range min(widest, len(spans)-i) {
				cost := s.chains[i*widest+k]
				if cost == none {
					continue
				}
				c := s.chain(i, i+k+1)
				if several(s, i, i+k+1, c.rest) {
					continue // a span of two values has its weight once for each: an estimate
				}
				chains++
				paid := c.pays(s, i, i+k+1)
				assert.LessOrEqual(t, paid, cost)
				if paid == cost {
					exact++
				}
			}
		}
	}
	assert.Greater(t, exact, chains/2)
}

// several says whether some equality stands for one of several values of a span.
func several(s *search, first, end int, rest Node) bool {
	for i := first; i < end; i++ {
		if s.spans[i].To != rest && s.first[i] != s.spans[i].Last {
			return true
		}
	}
	return false
}

// TestTake: the heaviest equality comes first, and equal ones in their order.
func TestTake(t *testing.T) {
	c := chain{rest: 9}
	c.take(5, 5, 10, 1)
	c.take(8, 9, 30, 2)
	c.take(12, 12, 10, 3)
	assert.Equal(t, []equality{{8, 30, 2}, {5, 10, 1}, {12, 10, 3}, {9, 0, 2}}, c.equal[:c.n])
}
