// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"

	"github.com/gosieve/sieve/bpf"
)

// What tests of several files need: random diagrams, and what they decide.

// eval follows the diagram: what a program must answer.
func (g *Graph) eval(n Node, d *bpf.Data) uint32 {
	for !g.leaf(n) {
		w, spans := g.vertices[n].word, g.below(n)
		for d[w.Index]&w.Mask > spans[0].Last {
			spans = spans[1:]
		}
		n = spans[0].To
	}
	return g.vertices[n].value
}

// edges are the values of a word at which a diagram may change its answer.
func (g *Graph) edges() map[uint8][]uint32 {
	edges := map[uint8][]uint32{}
	for i := range g.vertices {
		w := g.vertices[i].word
		for _, s := range g.below(Node(i)) {
			edges[w.Index] = append(edges[w.Index], s.Last, s.Last+1, s.Last-1, ^w.Mask, s.Last|^w.Mask)
		}
	}
	return edges
}

// random is a diagram over a few words and parts of the last of them.
func random(g *Graph, r *rand.Rand, rank uint8) Node {
	if rank == 5 || r.IntN(6) == 0 {
		return g.Leaf(r.Uint32N(4))
	}
	w := Word{Index: min(2+rank, 5), Mask: Whole}
	switch rank {
	case 3:
		w.Mask = [...]uint32{Whole, 0xf0f0f0f0}[r.IntN(2)]
	case 4:
		w.Mask = [...]uint32{0xff, 0x80, 0x10011}[r.IntN(3)]
	}
	var spans []Span
	for last := uint32(0); ; last += 1 + r.Uint32N(3)*r.Uint32N(1<<r.IntN(26)) {
		spans = append(spans, Span{last, random(g, r, rank+1)})
		if r.IntN(8) == 0 || last > 1<<31 {
			break
		}
	}
	return g.Switch(w, append(spans, Span{Whole, random(g, r, rank+1)}))
}
