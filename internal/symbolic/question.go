// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"errors"
	"fmt"
	"math/rand/v2"
)

// Question asks whether two answers are equal.
type Question struct {
	// Orders are the orders to try: how large diagrams become depends on them.
	Orders []func() Order
	// Meetings are the sets of words whose bits should alternate.
	Meetings []uint16
	// Hard says that a program multiplies or divides: then it is first explored
	// with the results left open, which is nearly always enough.
	Hard bool
	// Ask finds the difference of the answers.
	Ask func(g *Graph) (Difference, error)
	// Differs says whether answers differ for one input.
	Differs func(d *Data) bool
	// Arches are values of word 1, the architecture, that a witness should have
	// if one with them exists.
	Arches []uint32
}

// Decide returns an input for which the answers differ, or nil if there is none.
// The error wraps ErrUndecided.
func (q *Question) Decide() (*Data, error) {
	if q.Hard {
		if d, err, ok := q.sketch(); ok {
			return d, err
		}
	}
	g, d, err := q.Exact()
	if err != nil || d.None() {
		return nil, err
	}
	if w := q.witness(g, d); w != nil {
		return w, nil
	}
	return nil, errOpen
}

var errOpen = fmt.Errorf("%w: the answers differ only where a register that holds 32 or more shifts, which the kernel leaves open", ErrUndecided)

// Exact finds the difference, as a function of all inputs.
func (q *Question) Exact() (*Graph, Difference, error) {
	var first error
	for _, order := range q.Orders {
		g, d, err := q.ask(order(), false)
		if err == nil {
			return g, d, nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, ErrUndecided) {
			break
		}
	}
	return nil, Difference{}, first
}

func (q *Question) ask(order Order, open bool) (*Graph, Difference, error) {
	if len(q.Meetings) > 0 && !open {
		order = order.Together(q.Meetings)
	}
	g := New(order, Limits{})
	g.open = open
	d, err := q.Ask(g)
	if err == nil && g.full {
		err = fmt.Errorf("%w: comparing the answers: %w", ErrUndecided, g.Err())
	}
	return g, d, err
}

// witness is an input for which answers differ for certain.
func (q *Question) witness(g *Graph, d Difference) *Data {
	for _, audit := range q.Arches {
		if w, ok := g.Witness(g.Where(d, 1, audit)); ok {
			return &w
		}
	}
	if w, ok := g.Witness(d); ok {
		return &w
	}
	return nil
}

// sketch tries to decide with the results of products and quotients left open.
// Where they do not matter that is all there is to it; where they may, it looks
// for an input for which they do.
func (q *Question) sketch() (w *Data, err error, ok bool) {
	g, d, err := q.ask(q.Orders[0](), true)
	if err != nil {
		return nil, nil, false
	}
	if d.None() {
		return nil, nil, true
	}
	if w := q.witness(g, d); w != nil {
		return w, nil, true
	}
	r := rand.New(rand.NewPCG(1, 2)) // fixed: equal questions get equal answers
	known := map[Difference]bool{}
	for range 2000 {
		w, ok := g.wander(d, known, r)
		if !ok {
			break
		}
		if q.Differs(&w) {
			return &w, nil, true
		}
	}
	return nil, nil, false
}

// wander finds a random input for which what is open decides.
func (g *Graph) wander(d Difference, known map[Difference]bool, r *rand.Rand) (data Data, ok bool) {
	if !g.rests(d, known) {
		return data, false
	}
	fill := uint32(0) // of the bits that do not matter
	if r.IntN(2) == 0 {
		fill = r.Uint32() & r.Uint32()
	}
	var decided Data
	for {
		s := g.shared(d.A, d.B)
		if s.level >= inputLevels {
			break
		}
		hi, lo := g.divide(d, s)
		miss := -1 // the bit that is not as wanted
		if d = hi; !g.rests(hi, known) || g.rests(lo, known) && r.IntN(2) == 0 {
			d, miss = lo, r.IntN(s.len)
		}
		for i := range s.len {
			word, bit := g.at(s.level + i)
			decided[word] |= 1 << bit
			if (s.want<<i>>31 == 1) != (i == miss) {
				data[word] |= 1 << bit
			}
		}
	}
	for i := range data {
		data[i] |= fill &^ decided[i]
	}
	return data, true
}

// rests says whether there are inputs for which what is open decides.
func (g *Graph) rests(d Difference, known map[Difference]bool) bool {
	if d.A == d.B {
		return false
	}
	s := g.shared(d.A, d.B)
	if s.level >= inputLevels {
		return s.level < endLevel
	}
	if r, ok := known[d]; ok {
		return r
	}
	hi, lo := g.divide(d, s)
	r := g.rests(hi, known)
	r = g.rests(lo, known) || r
	known[d] = r
	return r
}

// Evaluate is the value of a function for an input, if nothing open decides it.
func (g *Graph) Evaluate(n Node, d *Data) uint32 {
	for n&leafBit == 0 && int(g.vertices[n].level) < inputLevels {
		v := &g.vertices[n]
		n = v.hi
		for i := range int(v.len) {
			word, bit := g.at(int(v.level) + i)
			if d[word]>>bit&1 != v.want<<i>>31 {
				n = v.lo
				break
			}
		}
	}
	v, _ := g.LeafValue(n)
	return v
}
