// SPDX-License-Identifier: Apache-2.0

package decision

// Over is the decision a, with b in place of the leaf placeholder: where a answers
// placeholder, b answers. With Undecided as the placeholder it puts one list of rules
// before another. With the answer "yes" of a condition as the placeholder it joins
// conditions. Both must have been built in the graph's present order of words.
//
// It is the apply operation of decision diagrams for one connective. The work is
// bounded by the product of the two sizes.
func (g *Graph) Over(a, b, placeholder Node) Node {
	switch {
	case a == placeholder:
		return b
	case g.leaf(a) || a == b:
		return a
	}
	if j := g.joined.find(a, b, placeholder); j.a == a {
		return j.result
	}
	if g.Spend(1); g.full {
		return Undecided
	}
	n := g.merge(a, b, placeholder)
	if !g.full {
		g.joined.put(g, join{a, b, placeholder, n})
	}
	return n
}

// merge is Over for a vertex a. The new vertex looks at the word that comes first in the
// order; if both a and b look at it, their spans are cut where either ends.
func (g *Graph) merge(a, b, placeholder Node) Node {
	va, vb := g.vertices[a], g.vertices[b]
	start := len(g.building)
	w := va.word
	switch {
	case g.leaf(b) || g.order.before(va.word, vb.word):
		for _, s := range g.below(a) {
			if g.full {
				break
			}
			to := g.Over(s.To, b, placeholder)
			g.building = append(g.building, Span{s.Last, to})
		}
	case g.order.before(vb.word, va.word):
		w = vb.word
		for _, s := range g.below(b) {
			if g.full {
				break
			}
			to := g.Over(a, s.To, placeholder)
			g.building = append(g.building, Span{s.Last, to})
		}
	default:
		sa, sb := g.below(a), g.below(b)
		for i, j := 0, 0; i < len(sa) && !g.full; {
			last := min(sa[i].Last, sb[j].Last)
			to := g.Over(sa[i].To, sb[j].To, placeholder)
			g.building = append(g.building, Span{last, to})
			if sa[i].Last == last {
				i++
			}
			if sb[j].Last == last {
				j++
			}
		}
	}
	n := Undecided
	if !g.full { // else the spans are not complete
		n = g.Switch(w, g.building[start:])
	}
	g.building = g.building[:start]
	return n
}
