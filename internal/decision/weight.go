// SPDX-License-Identifier: Apache-2.0

package decision

// Weigh says how often the values from first to last of a word come up, relative
// to its other values. The sum over all values is at most 1<<20.
type Weigh func(first, last uint32) uint32

// weighed is a vertex of which more is known.
type weighed struct {
	node  Node
	weigh Weigh
}

// Weigh says how often the values of vertex n's word come up.
func (g *Graph) Weigh(n Node, weigh Weigh) {
	if !g.leaf(n) {
		g.weights = append(g.weights, weighed{n, weigh})
	}
}

// weigher is what is known of a vertex's values.
func (g *Graph) weigher(n Node) (weigh Weigh, known bool) {
	for _, w := range g.weights {
		if w.node == n {
			return w.weigh, true
		}
	}
	return evenly, false
}

// evenly is for values of which nothing is known: one that a decision names is
// likelier than one that it does not.
func evenly(first, last uint32) uint32 {
	if first == last {
		return 48
	}
	return 16
}
