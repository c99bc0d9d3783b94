// SPDX-License-Identifier: Apache-2.0

package reach

import (
	"go/token"
	"slices"
)

// GuessCost is how many sure steps a path may take in place of one guess.
const GuessCost = 10

// rootCost keeps paths from other roots than main behind those from main.
const rootCost = 10000

// initCost keeps paths from inits behind those from main that are not much longer.
const initCost = 100

// Paths are shortest paths from roots to all functions.
type Paths struct {
	cost map[*Node]int
	edge map[*Node]*Edge
}

// Step is a function on a path, with the place in the function before that leads to it.
type Step struct {
	Node  *Node
	Pos   token.Position
	Guess bool
}

// Paths finds the shortest paths (Dijkstra, with costs that are small numbers).
func (g *Graph) Paths() *Paths {
	p := &Paths{cost: map[*Node]int{}, edge: map[*Node]*Edge{}}
	var buckets [][]*Node
	put := func(n *Node, cost int, e *Edge) {
		if old, ok := p.cost[n]; ok && old <= cost {
			return
		}
		p.cost[n], p.edge[n] = cost, e
		for len(buckets) <= cost {
			buckets = append(buckets, nil)
		}
		buckets[cost] = append(buckets[cost], n)
	}
	main := g.node(g.Program.Main.SSA.Func("init"))
	for _, n := range g.Nodes {
		switch {
		case n == g.Entry:
			put(n, 0, nil)
		case n == main:
			put(n, initCost, nil)
		case slices.ContainsFunc(n.In, func(e *Edge) bool { return e.Kind == Root }):
			put(n, rootCost, nil)
		}
	}
	for c := 0; c < len(buckets); c++ {
		for i := 0; i < len(buckets[c]); i++ {
			n := buckets[c][i]
			if p.cost[n] != c {
				continue
			}
			for _, e := range n.Out {
				put(e.To, c+e.cost(), e)
			}
		}
	}
	return p
}

// To is the shortest path to a node. The methods of interfaces on it are left out: the
// step to the method of the type has the place of the call.
func (p *Paths) To(n *Node) (list []Step) {
	for n != nil {
		e := p.edge[n]
		if e == nil {
			list = append(list, Step{Node: n})
			break
		}
		s := Step{Node: n, Pos: e.Pos, Guess: e.Kind.Guess()}
		if e.From.method != nil {
			if call := p.edge[e.From]; call != nil {
				s.Pos = call.Pos
				e = call
			}
		}
		list = append(list, s)
		n = e.From
	}
	slices.Reverse(list)
	return list
}
