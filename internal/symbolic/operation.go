// SPDX-License-Identifier: Apache-2.0

package symbolic

import "slices"

// All operations on functions are built on Ite (if-then-else) and on two general ones, Map
// and Apply, for functions with more values than 0 and 1. Results of Ite are kept in a cache
// of one entry a slot: a result that was overwritten is found again with some work, and
// nothing else depends on it. Map and Apply remember every pair while they run.

// slot is where the cache holds a question, if it does.
//
// The length of the cache is a power of two, so the mask is a cheap remainder. A slot is
// overwritten by the next question that falls on it. That bounds the cache, and a lost
// answer costs time alone.
func (g *Graph) slot(c, f, h Node) *entry {
	return &g.cache[int(mix(uint64(c)<<32|uint64(f), uint64(h)))&(len(g.cache)-1)]
}

// Ite is the function that is f where the condition c holds, and h elsewhere. c has the
// values 0 and 1; f and h may have any.
//
// Once the graph is full the result is False and means nothing. Callers go on without a
// check in each step, and ask Undecided or Stopped at the end. A result of a full graph
// is never kept in the cache.
func (g *Graph) Ite(c, f, h Node) Node {
	switch {
	case c == True || f == h:
		return f
	case c == False:
		return h
	case f == True && h == False:
		return c
	}
	if e := g.slot(c, f, h); e.c == c && e.f == f && e.h == h {
		return e.result
	}
	if !g.work(g.price) {
		return False
	}
	s := g.shared(c, f, h)
	c1, c0 := g.cofactors(c, s)
	f1, f0 := g.cofactors(f, s)
	h1, h0 := g.cofactors(h, s)
	hi, lo := g.Ite(c1, f1, h1), g.Ite(c0, f0, h0)
	n := g.run(s.level, s.len, s.want, hi, lo)
	if !g.full {
		*g.slot(c, f, h) = entry{c, f, h, n}
	}
	return n
}

// Not is where c does not hold.
func (g *Graph) Not(c Node) Node { return g.Ite(c, False, True) }

// And is where both hold.
func (g *Graph) And(a, b Node) Node { return g.Ite(a, b, False) }

// Or is where at least one holds.
func (g *Graph) Or(a, b Node) Node { return g.Ite(a, True, b) }

// Xor is where exactly one holds.
func (g *Graph) Xor(a, b Node) Node {
	switch {
	case a == b:
		return False
	case a == False:
		return b
	case b == False:
		return a
	}
	return g.Ite(a, g.Not(b), b)
}

// Map is n with every value v replaced by to(v). It visits each vertex once.
//
// to must give the same result for the same value. It is tried on all leaves of the graph
// first: a function that changes none of them needs no visit.
func (g *Graph) Map(n Node, to func(uint32) uint32) Node {
	g.work(1 + len(g.values)/16)
	if !slices.ContainsFunc(g.values, func(v uint32) bool { return to(v) != v }) {
		return n // as is usual
	}
	seen := map[Node]Node{}
	defer func() { g.hold(-entryBytes * len(seen)) }()
	var visit func(Node) Node
	visit = func(n Node) Node {
		if v, ok := g.LeafValue(n); ok {
			return g.Leaf(to(v))
		}
		if r, ok := seen[n]; ok {
			return r
		}
		if !g.work(1) {
			return False
		}
		v := g.vertices[n]
		r := g.run(int(v.level), int(v.len), v.want, visit(v.hi), visit(v.lo))
		seen[n] = r
		g.hold(entryBytes)
		return r
	}
	return visit(n)
}

// Apply is the function to(f, h), value by value. It visits each pair of vertices once.
//
// The number of pairs is at most the product of the two sizes. For two filters of one
// policy it is near their sum.
func (g *Graph) Apply(f, h Node, to func(f, h uint32) uint32) Node {
	seen := map[[2]Node]Node{}
	defer func() { g.hold(-entryBytes * len(seen)) }()
	var visit func(f, h Node) Node
	visit = func(f, h Node) Node {
		if f&h&leafBit != 0 {
			return g.Leaf(to(g.values[f&^leafBit], g.values[h&^leafBit]))
		}
		if r, ok := seen[[2]Node{f, h}]; ok {
			return r
		}
		if !g.work(g.price) {
			return False
		}
		s := g.shared(f, h)
		f1, f0 := g.cofactors(f, s)
		h1, h0 := g.cofactors(h, s)
		r := g.run(s.level, s.len, s.want, visit(f1, h1), visit(f0, h0))
		seen[[2]Node{f, h}] = r
		g.hold(entryBytes)
		return r
	}
	return visit(f, h)
}
