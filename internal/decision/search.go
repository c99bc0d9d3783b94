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
	spans  []Span
	first  []uint32 // the smallest value of each span
	before []uint32 // the weight of all spans before one
	price  uint32   // what an instruction weighs
	best   []plan   // of the run of n spans from span i, at row(n)+i
	chains []uint32 // the cost of the chain of n spans from span i, at i*widest+n
}

// plan says how a run of spans is best searched.
type plan struct {
	cost uint32 // weighted length of the paths, and the price of the instructions
	at   uint8  // the best threshold stands before this span of the run
	last bool   // but a chain is better
}

// mostPlanned is how many spans are planned together. Above it thresholds halve
// the weight until few enough are left: all spans together gain next to nothing
// (of Docker's default, one instruction) for the square of the time.
const mostPlanned = 24

// start readies the search for a vertex.
func (s *search) start(w Word, spans []Span, weigh Weigh, price float64) {
	s.spans = spans
	s.first, s.before = s.first[:0], append(s.before[:0], 0)
	value, total := uint32(0), uint32(0)
	for _, span := range spans {
		s.first = append(s.first, value)
		total += weigh(value, span.Last)
		s.before = append(s.before, total)
		value, _ = w.ceil(span.Last + 1)
	}
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
	s.grow(t, first, end, first, end)
}

// grow adds the search for the spans from first up to end, which lie in the
// planned ones from from up to to.
func (s *search) grow(t *tree, first, end, from, to int) {
	p := s.best[row(to-from, end-first)+first-from]
	if p.last {
		var c chain
		for i := first; i < end; i++ {
			c.add(s, i)
		}
		start := int32(len(t.equal))
		t.equal = append(t.equal, c.equal[:c.n]...)
		t.steps = append(t.steps, step{first: start, end: start + int32(c.n), rest: c.rest})
		return
	}
	at := first + int(p.at)
	t.steps = append(t.steps, step{threshold: int32(at)})
	s.grow(t, first, at, from, to)
	s.grow(t, at, end, from, to)
}

// plan fills the table for the spans from first up to end, excluded. The table is
// triangular: rows of shorter runs are longer.
func (s *search) plan(first, end int) {
	size := end - first
	s.best = slices.Grow(s.best[:0], (size+1)*size/2)[:(size+1)*size/2]
	for i := range size {
		s.best[i] = plan{at: 1, last: true}
	}
	s.link(first, end)
	for n := 2; n <= size; n++ {
		this, shorter := s.best[row(size, n):], s.best[row(size, n-1):]
		for i := range size - n + 1 {
			// The best threshold of a run lies between those of the runs that
			// are one shorter (Knuth's bounds for optimal search trees). With
			// chains in the leaves they are near enough.
			p := plan{cost: none}
			for k := int(shorter[i].at); k <= min(n-1, int(shorter[i+1].at)+1); k++ {
				if c := s.best[row(size, k)+i].cost + s.best[row(size, n-k)+i+k].cost; c < p.cost {
					p.cost, p.at = c, uint8(k)
				}
			}
			p.cost += s.price + s.weight(first+i, first+i+n)
			if n <= widest && s.chains[i*widest+n-1] <= p.cost {
				p.cost, p.last = s.chains[i*widest+n-1], true
			}
			this[i] = p
		}
	}
}

// row is where the plans of the runs of n spans begin.
func row(size, n int) int { return (n-1)*size - (n-1)*(n-2)/2 }

// halve finds the threshold that divides the weight of a run best.
func (s *search) halve(first, end int) int {
	at, least := first+1, ^uint32(0)
	for i := first + 1; i < end; i++ {
		if d := max(s.weight(first, i), s.weight(i, end)); d < least {
			at, least = i, d
		}
	}
	return at
}
