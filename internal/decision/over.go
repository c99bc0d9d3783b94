// SPDX-License-Identifier: Apache-2.0

package decision

// Over is the decision a, but b where a's answer is hole. With Open as the hole
// it puts one list of rules before another; with the answer "yes" of a condition
// as the hole it joins conditions. Both must have been built in the graph's
// present order of words.
func (g *Graph) Over(a, b, hole Node) Node {
	switch {
	case a == hole:
		return b
	case g.leaf(a) || a == b:
		return a
	}
	if j := g.joined.find(a, b, hole); j.a == a {
		return j.result
	}
	if g.Spend(1); g.full {
		return Open
	}
	n := g.merge(a, b, hole)
	if !g.full {
		g.joined.put(g, join{a, b, hole, n})
	}
	return n
}

// merge is Over for a vertex a: it looks at the word that comes first.
func (g *Graph) merge(a, b, hole Node) Node {
	va, vb := g.vertices[a], g.vertices[b]
	start := len(g.building)
	w := va.word
	switch {
	case g.leaf(b) || g.order.before(va.word, vb.word):
		for _, s := range g.below(a) {
			if g.full {
				break
			}
			to := g.Over(s.To, b, hole)
			g.building = append(g.building, Span{s.Last, to})
		}
	case g.order.before(vb.word, va.word):
		w = vb.word
		for _, s := range g.below(b) {
			if g.full {
				break
			}
			to := g.Over(a, s.To, hole)
			g.building = append(g.building, Span{s.Last, to})
		}
	default:
		sa, sb := g.below(a), g.below(b)
		for i, j := 0, 0; i < len(sa) && !g.full; {
			last := min(sa[i].Last, sb[j].Last)
			to := g.Over(sa[i].To, sb[j].To, hole)
			g.building = append(g.building, Span{last, to})
			if sa[i].Last == last {
				i++
			}
			if sb[j].Last == last {
				j++
			}
		}
	}
	n := Open
	if !g.full { // else the spans are not complete
		n = g.Switch(w, g.building[start:])
	}
	g.building = g.building[:start]
	return n
}
