// SPDX-License-Identifier: Apache-2.0

package decision

import "slices"

// A search finds the span that a value lies in, with comparisons of two kinds. A
// threshold sends the values from some span on one way, and smaller values the other. An
// equality takes a single value out. Equalities stand in chains at the leaves of a tree
// of thresholds. A chain ends with the target of all values that are left, so one denied
// value in an allowed range costs one test and not two.
//
// The tree is the best of all such trees for the weights of the spans and the price of
// an instruction. Dynamic programming over runs of spans finds it, as for optimal binary
// search trees (Knuth, 1971; Anderson, Kannan, Karloff and Ladner, 2002, for trees with
// two-way comparisons).
type search struct {
	g          *Graph
	spans      []Span
	first      []uint32 // the smallest value of each span
	before     []uint32 // the weight of all spans before one
	price      uint32   // what an instruction weighs
	chains     []uint32 // the cost of the chain of 1+n spans from span i, at i*widest+n
	boundaries []bool   // by span: a chain ends before it in the cheapest cut into chains
	plans
}

// plans say how each run of the planned spans is best searched: the run from span i up
// to end, excluded, for every i and end. All are arrays. ended is a transposed copy of cost,
// because plan's inner loop dominates Layout.
type plans struct {
	cost  [mostPlanned][mostPlanned + 1]uint32 // at i and end: the weighted length of the paths, and the price of the instructions
	ended [mostPlanned + 1][mostPlanned]uint32 // the same at end and i, to be read in one go
	at    [mostPlanned][mostPlanned + 1]uint8  // the best threshold stands before this span
	last  [mostPlanned][mostPlanned + 1]bool   // but a chain is better
}

// mostPlanned is how many spans are planned together. Longer runs are first cut by
// thresholds that halve the weight. Planning all spans together was measured to gain
// one instruction in a hundred, for the square of the time.
const mostPlanned = 32

// Vertices taller than pullHeight, in instructions of their longest path, are pulled
// towards the root of a search: their spans get more weight than they come up for. On
// Docker's default profile for x86_64 the mean path over all numbers is 10.1
// instructions so, and 10.2 with a pullHeight of 0; the longest is 17 with both.
const pullHeight = 6

// start readies the search for a vertex: it weighs the spans and sets the price of an
// instruction.
func (s *search) start(w Word, spans []Span, weigh Weigh, heights []uint8, price, spread float64) {
	s.spans = spans
	s.first = slices.Grow(s.first[:0], len(spans))
	s.before = append(slices.Grow(s.before[:0], len(spans)+1), 0)
	value, total := uint32(0), uint32(0)
	for _, span := range spans {
		s.first = append(s.first, value)
		total += weigh(value, span.Last)
		s.before = append(s.before, total)
		value, _ = w.ceil(span.Last + 1)
	}
	// A span that hardly ever comes up must not stand too deep all the same. The longer
	// the path behind it is, the less deep it may stand.
	floor, sum := uint32(spread*float64(total)/float64(len(spans))), uint32(0)
	for i, span := range spans {
		sum += floor * (1 + max(pullHeight, uint32(heights[span.To])) - pullHeight)
		s.before[i+1] += sum
	}
	total += sum
	s.price = uint32(float64(total) * price)
}

// weight is the weight of the spans from first up to end, excluded.
func (s *search) weight(first, end int) uint32 { return s.before[end] - s.before[first] }

// tree holds search trees as steps in preorder.
type tree struct {
	steps []step
	equal []equality
}

// step is a chain, or a threshold before a span. The steps of a threshold's smaller
// values follow it, and then those of the larger ones.
type step struct {
	threshold  int32 // 0 for a chain
	first, end int32 // the chain's equalities in the tree
	rest       Node  // the target if all of them fail
}

// search adds the best search for all spans of the vertex.
func (t *tree) search(s *search) {
	s.link()
	s.findBoundaries()
	s.build(t, 0, len(s.spans))
}

// build adds the search for the spans from first up to end, excluded. It cuts the run
// until at most mostPlanned spans are left, and plans those.
func (s *search) build(t *tree, first, end int) {
	if end-first > mostPlanned {
		at := s.halve(first, end)
		t.steps = append(t.steps, step{threshold: int32(at)})
		s.build(t, first, at)
		s.build(t, at, end)
		return
	}
	s.plan(first, end)
	s.expand(t, first, 0, end-first)
}

// expand adds the search for the planned spans from i up to end. Planned span 0 is the
// vertex's span first.
func (s *search) expand(t *tree, first, i, end int) {
	if s.last[i][end] {
		t.add(s.chain(first+i, first+end))
		return
	}
	at := int(s.at[i][end])
	t.steps = append(t.steps, step{threshold: int32(first + at)})
	s.expand(t, first, i, at)
	s.expand(t, first, at, end)
}

// add adds a chain.
func (t *tree) add(c chain) {
	start := int32(len(t.equal))
	t.equal = append(t.equal, c.equal[:c.n]...)
	t.steps = append(t.steps, step{first: start, end: start + int32(c.n), rest: c.rest})
}

// plan finds the plans for the spans from first up to end, excluded: of every run the
// cheaper of a chain and of the best threshold, with the best plans on both sides.
func (s *search) plan(first, end int) {
	size := end - first
	for i := size - 1; i >= 0; i-- {
		s.cost[i][i+1], s.ended[i+1][i] = 0, 0
		s.at[i][i+1], s.last[i][i+1] = uint8(i+1), true
		for e := i + 2; e <= size; e++ {
			// The best threshold of a run lies between the best ones of the two
			// runs that are one span shorter (Knuth's bounds). That is proved
			// for trees without chains; with chains it misses little.
			low, high := int(s.at[i][e-1]), min(int(s.at[i+1][e]), e-1)
			cost, at := none, low
			begun, ended := s.cost[i][low:high+1], s.ended[e][low:high+1]
			for k, c := range begun {
				if c += ended[k]; c < cost {
					cost, at = c, low+k
				}
			}
			cost += s.price + s.weight(first+i, first+e)
			chain := false
			if n := e - i; n <= widest {
				if c := s.chains[(first+i)*widest+n-1]; c <= cost {
					cost, chain = c, true
				}
			}
			s.cost[i][e], s.ended[e][i], s.at[i][e], s.last[i][e] = cost, cost, uint8(at), chain
		}
	}
}

// findBoundaries finds where chains end if the spans are cut into chains alone at the
// least cost. A threshold at such a boundary breaks no good chain.
func (s *search) findBoundaries() {
	n := len(s.spans)
	if n <= mostPlanned {
		return
	}
	s.boundaries = slices.Grow(s.boundaries[:0], n)[:n]
	clear(s.boundaries)
	costs, from := make([]uint32, n+1), make([]int32, n+1)
	for end := 1; end <= n; end++ {
		costs[end] = none
		for i := max(0, end-widest); i < end; i++ {
			if c := s.chains[i*widest+end-i-1]; c != none && costs[i]+c+s.price < costs[end] {
				costs[end], from[end] = costs[i]+c+s.price, int32(i)
			}
		}
	}
	for end := from[n]; end > 0; end = from[end] {
		s.boundaries[end] = true
	}
}

// halve finds the threshold that divides the weight of a run best, at a boundary of
// chains if the run has one.
func (s *search) halve(first, end int) int {
	s.g.Spend(end - first)
	at, least, boundary := first+1, none, false
	for i := first + 1; i < end; i++ {
		d := max(s.weight(first, i), s.weight(i, end))
		if s.boundaries[i] && !boundary || s.boundaries[i] == boundary && d < least {
			at, least, boundary = i, d, s.boundaries[i]
		}
	}
	return at
}
