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
	// Hard says that a program multiplies, divides or shifts by a register: then it
	// is first explored with the results left open, which is nearly always enough.
	Hard bool
	// Ask finds the differences of the answers.
	Ask func(g *Graph) ([]Difference, error)
	// Differs says whether answers differ for one input.
	Differs func(d *Data) bool
	// Limits bound the work for each order.
	Limits Limits
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
	if err != nil || len(d) == 0 {
		return nil, err
	}
	if w := q.witness(g, d); w != nil {
		return w, nil
	}
	if g.full {
		return nil, fmt.Errorf("%w: looking for an input on which the answers differ: %w", ErrUndecided, g.Err())
	}
	return nil, errOpen
}

var errOpen = fmt.Errorf("%w: the answers differ only where a register that holds 32 or more shifts, which the kernel leaves open", ErrUndecided)

// Exact finds the differences, as functions of all inputs.
func (q *Question) Exact() (*Graph, []Difference, error) {
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
	return nil, nil, first
}

func (q *Question) ask(order Order, open bool) (*Graph, []Difference, error) {
	if len(q.Meetings) > 0 && !open {
		order = order.Together(q.Meetings)
	}
	g := New(order, q.Limits)
	g.open = open
	d, err := q.Ask(g)
	if err == nil {
		err = g.Undecided()
	}
	return g, d, err
}

// witness is an input for which answers differ for certain. The search makes
// vertices too, so it gets room of its own.
func (q *Question) witness(g *Graph, list []Difference) *Data {
	g.limits.Memory *= 2
	g.limits.Steps *= 2
	for _, audit := range q.Arches {
		for _, d := range list {
			if w, ok := g.Witness(g.Where(d, 1, audit)); ok && !g.full {
				return &w
			}
		}
	}
	for _, d := range list {
		if w, ok := g.Witness(d); ok && !g.full {
			return &w
		}
	}
	return nil
}

// sketch tries to decide with the results of products and quotients left open.
// Where they do not matter that is all there is to it; where they may, it looks
// for an input for which they do.
func (q *Question) sketch() (w *Data, err error, ok bool) {
	g, list, err := q.ask(q.Orders[0](), true)
	if err != nil {
		return nil, nil, false
	}
	if len(list) == 0 {
		return nil, nil, true
	}
	if w := q.witness(g, list); w != nil {
		return w, nil, true
	}
	r := rand.New(rand.NewPCG(1, 2)) // fixed: equal questions get equal answers
	known := map[Difference]bool{}
	for i := range 2000 {
		w, ok := g.wander(list[i%len(list)], known, r)
		if ok && q.Differs(&w) {
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

// Follow is the value of a function for an input, unless something open decides.
func (g *Graph) Follow(n Node, d *Data) (v uint32, open bool) {
	for n&leafBit == 0 {
		v := &g.vertices[n]
		if int(v.level) >= inputLevels {
			return 0, true
		}
		n = v.hi
		for i := range int(v.len) {
			word, bit := g.at(int(v.level) + i)
			if d[word]>>bit&1 != v.want<<i>>31 {
				n = v.lo
				break
			}
		}
	}
	return g.values[n&^leafBit], false
}

// Returned is the value that is returned for an input, unless something open
// decides it.
func (g *Graph) Returned(a Answer, d *Data) (v uint32, open bool) {
	if a.bits == nil {
		return g.Follow(a.node, d)
	}
	for i, n := range a.bits {
		b, o := g.Follow(n, d)
		v |= b << i
		open = open || o
	}
	return v, open
}
