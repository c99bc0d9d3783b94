// SPDX-License-Identifier: Apache-2.0

package decision

// Over is the decision a, but b where a's answer is hole. With Open as the hole
// it puts one list of rules before another; with the answer "yes" of a condition
// as the hole it joins conditions.
func (g *Graph) Over(a, b, hole Node) Node {
	switch {
	case a == hole:
		return b
	case g.leaf(a) || a == b:
		return a
	}
	key := [3]Node{a, b, hole}
	if n, ok := g.over[key]; ok {
		return n
	}
	if g.full {
		return Open
	}
	n := g.merge(a, b, hole)
	if !g.full {
		g.over[key] = n
	}
	return n
}

// merge is Over for a vertex a: it looks at the word that comes first.
func (g *Graph) merge(a, b, hole Node) Node {
	va, vb := g.vertices[a], g.vertices[b]
	if g.leaf(b) || va.word.before(vb.word) {
		return g.each(va, func(to Node) Node { return g.Over(to, b, hole) })
	}
	if vb.word.before(va.word) {
		return g.each(vb, func(to Node) Node { return g.Over(a, to, hole) })
	}
	spans := make([]Span, 0, len(va.spans)+len(vb.spans))
	for i, j := 0, 0; i < len(va.spans); {
		last := min(va.spans[i].Last, vb.spans[j].Last)
		spans = append(spans, Span{last, g.Over(va.spans[i].To, vb.spans[j].To, hole)})
		if va.spans[i].Last == last {
			i++
		}
		if vb.spans[j].Last == last {
			j++
		}
	}
	return g.Switch(va.word, spans)
}

// each is the vertex v with every target replaced.
func (g *Graph) each(v vertex, to func(Node) Node) Node {
	spans := make([]Span, len(v.spans))
	for i, s := range v.spans {
		spans[i] = Span{s.Last, to(s.To)}
	}
	return g.Switch(v.word, spans)
}
