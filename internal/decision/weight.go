// SPDX-License-Identifier: Apache-2.0

package decision

// Weigh says how often the values from first to last of a word come up, relative to its
// other values. The sum over all values is at most 1<<20: costs are sums of weights times
// depths, and must fit into 32 bits.
type Weigh func(first, last uint32) uint32

// weighed is a vertex with known weights.
type weighed struct {
	node  Node
	weigh Weigh
}

// Weigh sets the weights of the values of vertex n's word. Vertices without weights are
// searched as if the values that they name came up evenly.
func (g *Graph) Weigh(n Node, weigh Weigh) {
	if !g.leaf(n) {
		g.weights = append(g.weights, weighed{n, weigh})
	}
}

// weigher is the weights of a vertex; known says whether they were set.
func (g *Graph) weigher(n Node) (weigh Weigh, known bool) {
	for _, w := range g.weights {
		if w.node == n {
			return w.weigh, true
		}
	}
	return evenly, false
}

// evenly is for values of which nothing is known. A value that a decision names is taken
// to be three times as likely as an interval: programs pass what rules are written for.
func evenly(first, last uint32) uint32 {
	if first == last {
		return 48
	}
	return 16
}
