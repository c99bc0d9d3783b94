// SPDX-License-Identifier: Apache-2.0

package decision

// Split divides the decision n into two of about the same size, for a stack of two
// programs. For every input one of them answers as n does, and the other answers rest. A
// leaf cannot be divided: it comes back as a, with rest as b. Vertices that both halves
// use count twice, so a and b can together be larger than n.
//
// halves may be nil. Where it returns ok, its two decisions are taken for a vertex
// instead of dividing the vertex's spans.
func (g *Graph) Split(n, rest Node, halves func(Node) (a, b Node, ok bool)) (a, b Node) {
	if g.leaf(n) {
		return n, rest
	}
	if halves != nil {
		if a, b, ok := halves(n); ok {
			return a, b
		}
	}
	w, spans := g.vertices[n].word, g.below(n)
	sizes := make([]int, len(spans))
	total, largest := 0, 0
	for i, s := range spans {
		if s.To != rest {
			sizes[i] = 1 + g.Size(s.To)
		}
		total += sizes[i]
		if sizes[i] > sizes[largest] {
			largest = i
		}
	}
	if 2*sizes[largest] > total && !g.leaf(spans[largest].To) {
		one, other := g.Split(spans[largest].To, rest, halves)
		return g.with(w, spans, func(i int, to Node) Node {
				if i == largest {
					return one
				}
				return to
			}), g.with(w, spans, func(i int, _ Node) Node {
				if i == largest {
					return other
				}
				return rest
			})
	}
	half, sum := 0, 0
	for ; sum < total/2; half++ {
		sum += sizes[half]
	}
	return g.with(w, spans, func(i int, to Node) Node {
			if i < half {
				return to
			}
			return rest
		}), g.with(w, spans, func(i int, to Node) Node {
			if i >= half {
				return to
			}
			return rest
		})
}

// with is a switch on w over the same spans, with the targets that to gives.
func (g *Graph) with(w Word, spans []Span, to func(i int, to Node) Node) Node {
	changed := make([]Span, len(spans))
	for i, s := range spans {
		changed[i] = Span{s.Last, to(i, s.To)}
	}
	return g.Switch(w, changed)
}

// Map is the decision n with its leaves replaced: to gives a node for each leaf's value.
func (g *Graph) Map(n Node, to func(value uint32) Node) Node {
	return g.replace(n, to, map[Node]Node{})
}

// replace is Map below n. done has what was replaced, since vertices are shared.
func (g *Graph) replace(n Node, to func(value uint32) Node, done map[Node]Node) Node {
	if g.leaf(n) {
		return to(g.vertices[n].value)
	}
	if r, ok := done[n]; ok {
		return r
	}
	g.Spend(1)
	r := g.with(g.vertices[n].word, g.below(n), func(_ int, n Node) Node { return g.replace(n, to, done) })
	done[n] = r
	return r
}

// Answers says whether a leaf below n has that value. As every path of a diagram can be
// taken, some input then gets the answer.
func (g *Graph) Answers(n Node, value uint32) bool {
	found := false
	g.Map(n, func(v uint32) Node {
		found = found || v == value
		return Undecided
	})
	return found
}
