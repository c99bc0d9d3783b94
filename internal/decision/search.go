// SPDX-License-Identifier: Apache-2.0

package decision

import "slices"

// A search finds the span that a value lies in, with comparisons of two kinds:
// thresholds, which send the values from some span on one way and the smaller
// ones the other, and equalities, which take single values out. Equalities stand
// in chains at the leaves of a tree of thresholds: a chain ends with the target
// of all values that are left, so that a denied hole in an allowed range costs
// one test and not two.
//
// The tree is the best of all such trees for the weights of the spans and the
// price of an instruction, found by dynamic programming over runs of spans.
type search struct {
	g      *Graph
	spans  []Span
	first  []uint32 // the smallest value of each span
	before []uint32 // the weight of all spans before one
	price  uint32   // what an instruction weighs
	chains []uint32 // the cost of the chain of 1+n spans from span i, at i*widest+n
	seams  []bool   // whether a threshold may stand before a span where thresholds halve the weight
	plans
}

// plans say how runs of the planned spans are best searched: those from span i up
// to end, excluded.
type plans struct {
	cost  [mostPlanned][mostPlanned + 1]uint32 // at i and end: the weighted length of the paths, and the price of the instructions
	ended [mostPlanned + 1][mostPlanned]uint32 // the same at end and i, to be read in one go
	at    [mostPlanned][mostPlanned + 1]uint8  // the best threshold stands before this span
	last  [mostPlanned][mostPlanned + 1]bool   // but a chain is better
}

// mostPlanned is how many spans are planned together. Above it thresholds halve
// the weight until few enough are left: all spans together gain next to nothing
// for the square of the time.
const mostPlanned = 32

// tall is how high a vertex stands that is drawn nearer to the root.
const tall = 6

// start readies the search for a vertex.
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
	// A span that hardly ever comes up must not stand too deep all the same, and
	// the less so the longer the way goes on behind it.
	floor, sum := uint32(spread*float64(total)/float64(len(spans))), uint32(0)
	for i, span := range spans {
		sum += floor * (1 + max(tall, uint32(heights[span.To])) - tall)
		s.before[i+1] += sum
	}
	total += sum
	s.price = uint32(float64(total) * price)
}

// weight is that of the spans from first up to end, excluded.
func (s *search) weight(first, end int) uint32 { return s.before[end] - s.before[first] }

// tree holds searches as steps in preorder.
type tree struct {
	steps []step
	equal []equality
}

// step is a threshold before a span, which the steps for smaller and then those
// for larger values follow, or a chain.
type step struct {
	threshold  int32 // 0 for a chain
	first, end int32 // the chain's equalities in the tree
	rest       Node  // the target if all of them fail
}

// search adds the best search for all spans.
func (t *tree) search(s *search) {
	s.link()
	s.seam()
	s.plant(t, 0, len(s.spans))
}

// plant adds the best search for the spans from first up to end, excluded.
func (s *search) plant(t *tree, first, end int) {
	if end-first > mostPlanned {
		at := s.halve(first, end)
		t.steps = append(t.steps, step{threshold: int32(at)})
		s.plant(t, first, at)
		s.plant(t, at, end)
		return
	}
	s.plan(first, end)
	s.grow(t, first, 0, end-first)
}

// grow adds the search for the planned spans from i up to end, of which the first
// is the vertex's span first.
func (s *search) grow(t *tree, first, i, end int) {
	if s.last[i][end] {
		t.add(s.chain(first+i, first+end))
		return
	}
	at := int(s.at[i][end])
	t.steps = append(t.steps, step{threshold: int32(first + at)})
	s.grow(t, first, i, at)
	s.grow(t, first, at, end)
}

// add adds a chain.
func (t *tree) add(c chain) {
	start := int32(len(t.equal))
	t.equal = append(t.equal, c.equal[:c.n]...)
	t.steps = append(t.steps, step{first: start, end: start + int32(c.n), rest: c.rest})
}

// plan finds the plans for the spans from first up to end, excluded.
func (s *search) plan(first, end int) {
	size := end - first
	for i := size - 1; i >= 0; i-- {
		s.cost[i][i+1], s.ended[i+1][i] = 0, 0
		s.at[i][i+1], s.last[i][i+1] = uint8(i+1), true
		for e := i + 2; e <= size; e++ {
			// The best threshold of a run lies between those of the runs that
			// are one shorter (Knuth's bounds for optimal search trees). With
			// chains in the leaves they are near enough.
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

// seam finds where a chain would end if chains alone divided the spans, at the
// least cost. A threshold there breaks no good chain.
func (s *search) seam() {
	n := len(s.spans)
	if n <= mostPlanned {
		return
	}
	s.seams = slices.Grow(s.seams[:0], n)[:n]
	clear(s.seams)
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
		s.seams[end] = true
	}
}

// halve finds the threshold that divides the weight of a run best, at a seam if
// there is one.
func (s *search) halve(first, end int) int {
	s.g.Spend(end - first)
	at, least, seam := first+1, none, false
	for i := first + 1; i < end; i++ {
		d := max(s.weight(first, i), s.weight(i, end))
		if s.seams[i] && !seam || s.seams[i] == seam && d < least {
			at, least, seam = i, d, s.seams[i]
		}
	}
	return at
}
