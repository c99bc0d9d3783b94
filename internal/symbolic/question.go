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
}

// Decide returns an input for which the answers differ, or nil if there is none.
// The error wraps ErrUndecided.
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
		order = order.Together(q.Meetings)
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
	q.spent += g.Steps()
	g.limits.Memory = all.Memory
	g.limits.Steps = g.Steps() + all.Steps - q.spent
	return g, d, err
}

// witness is an input for which answers differ for certain, with an architecture
// that the question speaks of if there is time to find one.
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

// candidates is how many inputs a sketch tries.
const candidates = 2000

// sketch tries to decide with the results of products and quotients left open.
// Where they do not matter that is all there is to it; where they may, it looks
// for an input for which they do.
func (q *Question) sketch() (w *Data, err error, ok bool) {
	g, list, err := q.ask(q.Orders[0](), true, len(q.Orders)+1)
	switch {
	case errors.Is(err, ErrUndecided):
		return nil, nil, false
	case err != nil || len(list) == 0:
		return nil, err, true
	}
	g.limits.Steps = g.Steps() + (g.limits.Steps-g.Steps())/2
	if w := q.witness(g, list); w != nil {
		return w, nil, true
	}
	before := g.Steps()
	defer func() { q.spent += g.Steps() - before }()
	r := rand.New(rand.NewPCG(1, 2)) // fixed: equal questions get equal answers
	known := map[Difference]bool{}
	for i := range candidates {
		w, ok := g.wander(list[i%len(list)], known, r)
		if !g.work(q.Cost) {
			break
		}
		if ok && q.Differs(&w) && q.certain(g, &w) {
			return &w, nil, true
		}
	}
	return nil, nil, false
}

// certain says whether the answers for one input differ whatever the kernel makes of
// what it leaves open.
func (q *Question) certain(g *Graph, w *Data) bool {
	one := New(g.Order, Limits{Context: q.Limits.Context, Steps: max(g.limits.Steps-g.Steps(), 1)})
	one.at = w
	list, err := q.Ask(one)
	g.work(one.Steps())
	if err != nil || one.full {
		return false
	}
	for _, d := range list {
		if one.always(Difference{one.follow(d.A, w), one.follow(d.B, w)}, map[Difference]bool{}) {
			return !one.full
		}
	}
	return false
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
		if s.level >= inputLevels || !g.work(1) {
			break
		}
		hi, lo := g.divide(d, s)
		miss := -1 // the bit that is not as wanted
		if d = hi; !g.rests(hi, known) || g.rests(lo, known) && r.IntN(2) == 0 {
			d, miss = lo, r.IntN(s.len)
		}
		for i := range s.len {
			word, bit := g.place(s.level + i)
			decided[word] |= 1 << bit
			if (s.want<<i>>31 == 1) != (i == miss) {
				data[word] |= 1 << bit
			}
		}
	}
	for i := range data {
		data[i] |= fill &^ decided[i]
	}
	return data, !g.full
}

// rests says whether there are inputs for which what is open decides. What is known
// stays counted in what the graph holds.
func (g *Graph) rests(d Difference, known map[Difference]bool) bool {
	if d.A == d.B || g.unknowns == 0 || !g.work(1) {
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
	g.hold(entryBytes)
	return r
}

// Follow is the value of a function for an input, unless something open decides.
func (g *Graph) Follow(n Node, d *Data) (v uint32, open bool) {
	if n = g.follow(n, d); n&leafBit == 0 {
		return 0, true
	}
	return g.values[n&^leafBit], false
}

// follow is what is left of a function for an input: a leaf, or a function of what
// is open.
func (g *Graph) follow(n Node, d *Data) Node {
	for g.first(n) < inputLevels {
		v := &g.vertices[n]
		n = v.hi
		for i := range int(v.len) {
			word, bit := g.place(int(v.level) + i)
			if d[word]>>bit&1 != v.want<<i>>31 {
				n = v.lo
				break
			}
		}
	}
	return n
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
