// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"errors"
	"math/rand/v2"
)

// The diagram of a product is exponential, and what two programs do with the same product
// is mostly the same. A sketch leaves the results of such operations open: new bits, equal
// for equal operations on equal values. If the answers are the same function then, they are
// equal whatever a product is. If they differ for certain, the witness is right too. In
// between, random inputs on which an open result decides are tried in the interpreter, and
// one that differs there is shown to differ whatever the kernel leaves open.

// candidates is how many inputs a sketch tries.
const candidates = 2000

// sketch tries to decide with the results of products and quotients left open. If no open
// result can matter, that is the answer. If one may, sketch looks for an input for which the
// answers differ.
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
		w, ok := g.sample(list[i%len(list)], known, r)
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

// sample finds a random input for which what is open decides.
func (g *Graph) sample(d Difference, known map[Difference]bool, r *rand.Rand) (data Data, ok bool) {
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
