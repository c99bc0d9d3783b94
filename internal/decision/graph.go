// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math"
	"math/bits"
)

// Node is a vertex of a Graph, or a leaf. Equal nodes of one graph decide equally.
type Node int32

// Undecided is a leaf for inputs that no rule has decided yet. Over must have replaced
// it everywhere before layout. It is 0, so that it marks free slots in the tables.
const Undecided Node = 0

// Span is an interval of the values of a word with one target. It begins behind the
// span before it and goes up to Last, included. A value in it leads to To.
type Span struct {
	Last uint32
	To   Node
}

// Graph holds vertices, which are never removed. The zero value is not ready: use New.
// A graph may be used by one goroutine at a time.
type Graph struct {
	vertices []vertex
	spans    []Span // of all vertices
	unique   index  // of vertices
	joined   joins  // what Over has found
	order    Order
	building []Span    // a stack of spans: Over builds vertices below others
	weights  []weighed // few: a linear search finds them
	limit    int       // vertices that may be made, 0 for any number
	until    int       // steps after which Try gives up, 0 for never
	full     bool      // one of the two was reached
	budget   Budget
	steps    int      // made so far
	next     int      // the steps at which bounds are looked at
	bytes    int      // of all tables
	visited  []uint32 // by node: the latest visit of Size
	visit    uint32
}

// vertex is a leaf if it has no spans. Any other vertex has two spans or more. No two
// neighbours have the same target, each span ends at a value that the word can have,
// and the last one ends at the mask. So one decision has one form (canonical makes it).
type vertex struct {
	word     Word
	value    uint32 // of a leaf
	first, n int32  // spans
}

// A vertex and a span as Budget counts them: tables that grow have room to spare.
const (
	vertexBytes = 48
	spanBytes   = 16
)

// New returns an empty graph with room for some vertices, whose words are ordered
// as they stand in struct seccomp_data, but the architecture before the number.
func New(vertices int) *Graph {
	g := &Graph{
		vertices: make([]vertex, 1, vertices+1), // Undecided
		spans:    make([]Span, 0, 3*vertices),
		building: make([]Span, 0, 64),
		order:    Natural(),
		next:     math.MaxInt,
	}
	g.unique.grow(g, 1<<bits.Len(uint(2*vertices)))
	return g
}

// Leaf is the decision that returns value for every input.
func (g *Graph) Leaf(value uint32) Node { return g.intern(vertex{value: value}, nil) }

// Switch is the decision that looks at w. The spans are sorted, and the last one
// ends at the mask or above. Switch works in spans and keeps no reference to it.
func (g *Graph) Switch(w Word, spans []Span) Node {
	spans = w.canonical(spans)
	if len(spans) == 1 {
		return spans[0].To
	}
	return g.intern(vertex{word: w}, spans)
}

// In is the decision between yes, for values of w from first to last, and no.
func (g *Graph) In(w Word, first, last uint32, yes, no Node) Node {
	var spans [3]Span
	s := spans[:0]
	if first > 0 {
		s = append(s, Span{first - 1, no})
	}
	s = append(s, Span{last, yes})
	if last < w.Mask {
		s = append(s, Span{w.Mask, no})
	}
	return g.Switch(w, s)
}

// Try runs build with a bound of limit new vertices, and of stepsEach steps for each
// of them. If a bound is reached, ok is false and the node is of no use; the graph
// stays usable. The lowering tries a form of a decision so, and takes another one if
// this one is too large.
func (g *Graph) Try(limit int, build func() Node) (n Node, ok bool) {
	g.limit, g.until, g.full = len(g.vertices)+limit, g.steps+stepsEach*limit, false
	g.schedule()
	n = build()
	ok = !g.full
	g.limit, g.until, g.full = 0, 0, false
	g.schedule()
	return n, ok
}

// stepsEach is how many steps Try grants for a vertex. Where most new vertices end up in
// the diagram, joining and interning them takes fewer.
const stepsEach = 16

// Full says whether the bound of Try has been reached.
func (g *Graph) Full() bool { return g.full }

// intern is the node of a vertex, which is made if there is none.
func (g *Graph) intern(v vertex, spans []Span) Node {
	g.Spend(1 + len(spans))
	slot := g.unique.find(g, v, spans)
	if n := g.unique.slots[slot]; n != Undecided {
		return n
	}
	if g.limit > 0 && len(g.vertices) >= g.limit {
		g.full = true
		return Undecided
	}
	g.Take(vertexBytes + spanBytes*len(spans))
	v.first, v.n = int32(len(g.spans)), int32(len(spans))
	g.spans = append(g.spans, spans...)
	n := Node(len(g.vertices))
	g.vertices = append(g.vertices, v)
	g.unique.put(g, slot, n)
	return n
}

// leaf says whether n has no tests: what it returns is then its value.
func (g *Graph) leaf(n Node) bool { return g.vertices[n].n == 0 }

// below are the spans of a vertex. The slice must not be changed.
func (g *Graph) below(n Node) []Span {
	v := &g.vertices[n]
	return g.spans[v.first : v.first+v.n : v.first+v.n]
}

// Spans is how many spans all vertices have that were ever made.
func (g *Graph) Spans() int { return len(g.spans) }

// Size is how many spans the vertices at and below n have, each vertex once.
func (g *Graph) Size(n Node) int {
	g.visit++
	g.Spend(1)
	for len(g.visited) < len(g.vertices) {
		g.visited = append(g.visited, 0)
	}
	return g.size(n)
}

// size counts below n. visited has the number of the visit that came by last, so that nothing
// needs to be cleared between two.
func (g *Graph) size(n Node) int {
	if g.leaf(n) || g.visited[n] == g.visit {
		return 0
	}
	g.visited[n] = g.visit
	size := len(g.below(n))
	g.Spend(size)
	for _, s := range g.below(n) {
		size += g.size(s.To)
	}
	return size
}
