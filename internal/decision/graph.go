// SPDX-License-Identifier: Apache-2.0

// Package decision holds decision diagrams over the 32-bit words of struct
// seccomp_data and lays them out as BPF programs.
//
// A vertex switches on one word, or on some bits of it, over sorted intervals.
// A diagram is built from its leaves upwards and its vertices are unique: asking
// twice for the same decision yields the same Node. Common subtrees are
// therefore shared, and tests that decide nothing vanish, without a pass that
// looks for them. Dispatch on the architecture, on the call number and on the
// values of an argument are all the same vertex.
package decision

import (
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// Node is a vertex of a Graph, or a leaf. Equal nodes of one graph decide equally.
type Node int32

// Open is a leaf for inputs that are not yet decided. It must have been replaced
// (Over) everywhere before layout.
const Open Node = 0

// Span sends the values from the end of the span before it up to Last, included,
// to To.
type Span struct {
	Last uint32
	To   Node
}

// Graph holds vertices. The zero value is not ready: use New.
type Graph struct {
	vertices []vertex
	leaves   map[uint32]Node
	unique   map[uint64][]Node // by hash of word and spans
	over     map[[3]Node]Node
	seed     maphash.Seed
	limit    int  // vertices that may be made, 0 for any number
	full     bool // the limit was reached
}

// vertex is a leaf if it has no spans. The spans of others are two or more, no
// two neighbours have the same target, each ends at a value that the word can
// have, and the last at the mask.
type vertex struct {
	word  Word
	value uint32
	spans []Span
}

// New returns an empty graph.
func New() *Graph {
	return &Graph{
		vertices: make([]vertex, 1, 64), // Open
		leaves:   map[uint32]Node{},
		unique:   map[uint64][]Node{},
		over:     map[[3]Node]Node{},
		seed:     maphash.MakeSeed(),
	}
}

// Leaf is the decision that returns value.
func (g *Graph) Leaf(value uint32) Node {
	if n, ok := g.leaves[value]; ok {
		return n
	}
	n := g.add(vertex{value: value})
	if n != Open {
		g.leaves[value] = n
	}
	return n
}

// Switch is the decision that looks at w. The spans are sorted, and the last one
// ends at the mask or above. Switch works in spans and keeps no reference to it.
func (g *Graph) Switch(w Word, spans []Span) Node {
	spans = w.canonical(spans)
	if len(spans) == 1 {
		return spans[0].To
	}
	h := g.hash(w, spans)
	for _, n := range g.unique[h] {
		if v := &g.vertices[n]; v.word == w && slices.Equal(v.spans, spans) {
			return n
		}
	}
	n := g.add(vertex{word: w, spans: slices.Clone(spans)})
	if n != Open {
		g.unique[h] = append(g.unique[h], n)
	}
	return n
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

// Try builds a decision with at most limit new vertices; ok says whether that
// was enough.
func (g *Graph) Try(limit int, build func() Node) (n Node, ok bool) {
	g.limit, g.full = len(g.vertices)+limit, false
	n = build()
	ok = !g.full
	g.limit, g.full = 0, false
	return n, ok
}

func (g *Graph) add(v vertex) Node {
	if g.limit > 0 && len(g.vertices) >= g.limit {
		g.full = true
		return Open
	}
	g.vertices = append(g.vertices, v)
	return Node(len(g.vertices) - 1)
}

// leaf says whether n has no tests: what it returns is then its value.
func (g *Graph) leaf(n Node) bool { return len(g.vertices[n].spans) == 0 }

// hash is only a bucket: which one it is changes no result.
func (g *Graph) hash(w Word, spans []Span) uint64 {
	var h maphash.Hash
	h.SetSeed(g.seed)
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], w.key())
	h.Write(b[:])
	for _, s := range spans {
		binary.LittleEndian.PutUint32(b[:4], s.Last)
		binary.LittleEndian.PutUint32(b[4:], uint32(s.To))
		h.Write(b[:])
	}
	return h.Sum64()
}

// Size is how many spans the vertices at and below n have, each vertex once.
func (g *Graph) Size(n Node) int {
	seen := map[Node]bool{}
	var walk func(Node) int
	walk = func(n Node) int {
		if seen[n] {
			return 0
		}
		seen[n] = true
		size := len(g.vertices[n].spans)
		for _, s := range g.vertices[n].spans {
			size += walk(s.To)
		}
		return size
	}
	return walk(n)
}
