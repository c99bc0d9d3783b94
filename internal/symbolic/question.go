// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"errors"
	"fmt"
)

// A question is decided in up to three ways, the cheapest first: the two sides are one
// program; a sketch that leaves products open (sketch.go); and exactly, once for each order
// of bits. Little-endian ABIs keep the low half of an argument in the word of the lower
// index, big-endian ones in the other; a diagram that looks at the wrong half first can be
// far larger, and which one a program is for is not known here.

// Question asks whether two answers are equal.
//
// A Question is for one Decide or Exact: it counts the steps that it has spent.
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
	// Cost is that of Differs, in steps.
	Cost int
	// Same says that the two sides are one: then they are equal, whatever they do.
	Same bool
	// Limits bound the work on all of the question.
	Limits Limits
	// Arches are values of word 1, the architecture, that a witness should have
	// if one with them exists.
	Arches []uint32

	spent int // steps
	asked int // those of the latest graph that are among them
}

// Tell writes to Limits.Spent how many steps the question has taken. Those that a caller has
// done on the graph of Exact, which may be nil, are counted too.
func (q *Question) Tell(g *Graph) {
	if q.Limits.Spent == nil {
		return
	}
	*q.Limits.Spent = q.spent
	if g != nil {
		*q.Limits.Spent += g.Steps() - q.asked
	}
}

// Decide returns an input for which the answers differ, or nil if there is none.
// The error wraps ErrUndecided.
//
// A nil witness with a nil error is a proof. An error says that neither was found within
// Limits, never that the answers are equal.
func (q *Question) Decide() (*Data, error) {
	if q.Same {
		return nil, nil
	}
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
		return nil, g.Stopped("looking for an input on which the answers differ")
	}
	return nil, ErrOpen
}

// ErrOpen is an answer that the kernel leaves open.
var ErrOpen = fmt.Errorf("%w: the answers differ only where a register that holds 32 or more shifts, which the kernel leaves open", ErrUndecided)

// Exact finds the differences, as functions of all inputs. What is left of the
// limits is the graph's.
//
// If every order fails, the error is that of the first.
func (q *Question) Exact() (*Graph, []Difference, error) {
	if q.Same {
		return New(q.Orders[0](), q.Limits), nil, nil
	}
	var first error
	for i, order := range q.Orders {
		g, d, err := q.ask(order(), false, len(q.Orders)-i)
		if err == nil {
			return g, d, nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, ErrUndecided) {
			return nil, nil, err
		}
	}
	return nil, nil, first
}

// ask asks within what is left of the limits for each of so many tries.
func (q *Question) ask(order Order, open bool, tries int) (*Graph, []Difference, error) {
	if len(q.Meetings) > 0 && !open {
		order = order.Interleave(q.Meetings)
	}
	all := newMeter(q.Limits).limits
	limits := all
	limits.Steps = max((all.Steps-q.spent)/tries, 1)
	limits.Memory = all.Memory / 4 * 3 // leaves room to look for inputs
	g := New(order, limits)
	g.open = open
	d, err := q.Ask(g)
	if err == nil {
		err = g.Undecided()
	}
	q.asked = g.Steps()
	q.spent += q.asked
	g.limits.Memory = all.Memory
	g.limits.Steps = g.Steps() + all.Steps - q.spent
	return g, d, err
}

// witness is an input for which answers differ for certain, with an architecture
// that the question speaks of if there is time to find one.
//
// A witness of an ABI that the policy lists is one that a reader can name as a call; any
// other is as good a proof that the answers differ.
func (q *Question) witness(g *Graph, list []Difference) *Data {
	before := g.Steps()
	defer func() { q.spent += g.Steps() - before }()
	for _, d := range list {
		w, ok := g.Witness(d)
		if !ok {
			continue
		}
		for _, audit := range q.Arches {
			for _, d := range list {
				if known, ok := g.Witness(g.Where(d, 1, audit)); ok {
					return &known
				}
			}
		}
		return &w
	}
	return nil
}
