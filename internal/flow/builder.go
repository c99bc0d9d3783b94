// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// builder makes nodes of vertices, from the answers up. Nodes that would look the same and
// lead to the same are one. A child has a smaller index than its parents, until finish turns
// the order around.
type builder struct {
	program  bpf.Program
	text     []string // of each instruction, made when first needed
	nodes    []Node
	equal    map[string]int // index by look
	ids      map[state]int
	clusters []Cluster
}

// build is the graph of vertices.
func build(e *explorer) Graph {
	b := &builder{program: e.program, equal: map[string]int{}, ids: map[state]int{}}
	for _, abi := range arch.All() {
		b.cluster(e, abi)
	}
	for pc := len(e.program) - 1; pc >= 0; pc-- {
		for _, v := range slices.Backward(e.at[pc]) {
			b.ids[v.state] = b.vertex(v)
		}
	}
	return b.finish(b.ids[e.at[0][0].state])
}

// cluster gives an ABI its place, if the program tells it from others.
func (b *builder) cluster(e *explorer, abi arch.Arch) {
	for s := range e.vertices {
		if s.abi == abi {
			c := Cluster{Arch: abi}
			if abi == arch.X32 {
				c.Note = fmt.Sprintf("x86_64's token and numbers from %#x on, here without that", abi.Base())
			}
			b.clusters = append(b.clusters, c)
			return
		}
	}
}

// indexOf is the cluster of an ABI, -1 for none.
func (b *builder) indexOf(abi arch.Arch) int {
	return slices.IndexFunc(b.clusters, func(c Cluster) bool { return c.Arch == abi })
}

// add is the index of a node, or of one that looks the same.
func (b *builder) add(n Node) int {
	look := fmt.Sprintf("%d %d %q %q %v %v %v", n.Kind, n.Cluster, n.Title, n.Lines, n.Calls, n.Action, n.Edges)
	if id, ok := b.equal[look]; ok {
		b.nodes[id].Instructions = joinRanges(b.nodes[id].Instructions, n.Instructions)
		return id
	}
	b.nodes = append(b.nodes, n)
	b.equal[look] = len(b.nodes) - 1
	return len(b.nodes) - 1
}

// vertex is the node of a vertex. That of a test with one outcome is the outcome.
func (b *builder) vertex(v *vertex) int {
	switch v.kind {
	case Answer:
		return b.answer(v.abi, v.value, nil, v.pcs)
	case Code:
		return b.code(v)
	}
	list := b.outcomes(v)
	if len(list) == 1 {
		return list[0].id
	}
	n := Node{Kind: Test, Cluster: b.indexOf(v.abi), Calls: callsOf(v), Instructions: rangesOf(v.pcs)}
	switch v.field {
	case fieldNumber:
		n.Title = "call number" + maskText(v.masks[0])
		b.numberEdges(&n, v, list)
	case fieldArch:
		n.Title = "architecture" + maskText(v.masks[0])
		b.archEdges(&n, v, list)
	default:
		b.valueEdges(&n, v, list)
	}
	return b.add(n)
}

// outcome is a node that a test leads to, and for which values.
type outcome struct {
	id     int
	abis   []arch.Arch // found out by the test
	region Region
}

// outcomes are the exits of a test with equal ones joined, in the order of their values.
func (b *builder) outcomes(v *vertex) []outcome {
	var list []outcome
	for _, x := range v.exits {
		id := b.ids[x.to]
		if child := b.nodes[id]; child.Kind == Answer && x.to.abi != v.abi {
			id = b.answer(v.abi, uint32(child.Action), nil, nil) // a cluster with nothing but an answer says nothing
		}
		k := slices.IndexFunc(list, func(o outcome) bool { return o.id == id })
		if k < 0 {
			k = len(list)
			list = append(list, outcome{id: id})
		}
		list[k].region = list[k].region.union(x.region)
		if x.to.abi != v.abi {
			list[k].abis = append(list[k].abis, x.to.abi)
		}
	}
	slices.SortStableFunc(list, func(a, b outcome) int {
		if v.field == fieldArch && other(a.region) != other(b.region) {
			return cmp.Compare(a.region.size(), b.region.size())
		}
		return slices.Compare(firstOf(a.region), firstOf(b.region))
	})
	return list
}

// other says whether tokens are those that a filter does not ask for, and not some few.
func other(tokens Region) bool { return tokens[0].Low.size() > 1<<31 }

// firstOf is the least value of a region.
func firstOf(r Region) []uint32 { return []uint32{r[0].High.From, r[0].Low[0].From} }

// answer is the leaf of an answer. calls are the numbers that it is for, if the question
// before it was the number.
func (b *builder) answer(abi arch.Arch, value uint32, calls []Run, pcs []int) int {
	action := seccomp.Action(value)
	return b.add(Node{Kind: Answer, Cluster: b.indexOf(abi), Title: actionText(abi, action), Calls: calls, Action: action, Instructions: rangesOf(pcs)})
}

// numberEdges adds the edges of a test of the call number. Each answer gets a leaf of
// its own, which lists the calls.
func (b *builder) numberEdges(n *Node, v *vertex, list []outcome) {
	for _, o := range list {
		child := b.nodes[o.id]
		runs := runsOf(v.abi, o.region[0].Low)
		if !v.whole() {
			n.Edges = append(n.Edges, Edge{o.id, wordsText(o.region[0].Low)})
			continue
		}
		if child.Kind == Answer {
			id := b.add(Node{Kind: Answer, Cluster: child.Cluster, Title: child.Title, Calls: runs, Action: child.Action, Instructions: child.Instructions})
			n.Edges = append(n.Edges, Edge{To: id})
			continue
		}
		edge := Edge{To: o.id}
		if !slices.Equal(child.Calls, runs) {
			edge.Values = Calls(runs, 64)
		}
		n.Edges = append(n.Edges, edge)
	}
}

// archEdges adds the edges of a test of the architecture.
func (b *builder) archEdges(n *Node, v *vertex, list []outcome) {
	for _, o := range list {
		var names []string
		for _, abi := range o.abis {
			names = append(names, abi.String())
		}
		if tokens := unnamed(o.region[0].Low); len(o.abis) == 0 || len(tokens) > 0 {
			if other(o.region) && v.whole() {
				names = append(names, "any other")
			} else {
				names = append(names, wordsText(tokens)...)
			}
		}
		n.Edges = append(n.Edges, Edge{o.id, names})
	}
}

// code is the node of instructions that are shown as they are.
func (b *builder) code(v *vertex) int {
	n := Node{Kind: Code, Cluster: b.indexOf(v.abi), Calls: callsOf(v), Instructions: rangesOf(v.pcs)}
	if v.acc.word >= 0 {
		n.Title = "A = " + wordText(v.abi, v.acc)
	}
	n.Lines = b.lines(v.pc, v.last)
	var next []int
	for _, x := range v.exits {
		next = append(next, b.ids[x.to])
	}
	n.Edges = branch(next)
	return b.add(n)
}

// branch are the edges to what follows code.
func branch(next []int) []Edge {
	switch {
	case len(next) == 0:
		return nil
	case len(next) == 1 || next[0] == next[1]:
		return []Edge{{To: next[0]}}
	}
	return []Edge{{next[0], []string{"yes"}}, {next[1], []string{"no"}}}
}

// lines are instructions as text.
func (b *builder) lines(from, to int) []string {
	if b.text == nil {
		b.text = strings.Split(b.program.String(), "\n")
	}
	var list []string
	for _, line := range b.text[from : to+1] {
		list = append(list, strings.TrimSpace(line))
	}
	return list
}

// finish leaves out what the first node does not lead to, and puts it first.
func (b *builder) finish(first int) Graph {
	used := make([]bool, len(b.nodes))
	used[first] = true
	place := make([]int, len(b.nodes))
	g := Graph{}
	for id := first; id >= 0; id-- {
		if !used[id] {
			continue
		}
		place[id] = len(g.Nodes)
		g.Nodes = append(g.Nodes, b.nodes[id])
		for _, e := range b.nodes[id].Edges {
			used[e.To] = true
		}
	}
	for _, n := range g.Nodes {
		for k := range n.Edges {
			n.Edges[k].To = place[n.Edges[k].To]
		}
	}
	g.keep(b.clusters)
	return g
}

// keep gives the graph those of the clusters that have nodes.
func (g *Graph) keep(clusters []Cluster) {
	for k, c := range clusters {
		found := false
		for i := range g.Nodes {
			if g.Nodes[i].Cluster == k {
				g.Nodes[i].Cluster = len(g.Clusters)
				found = true
			}
		}
		if found {
			g.Clusters = append(g.Clusters, c)
		}
	}
}

// callsOf are the calls that come to a vertex, if the program has found out anything of
// their number.
func callsOf(v *vertex) []Run {
	if slices.Equal(v.numbers, numbersOf(v.abi)) {
		return nil
	}
	return runsOf(v.abi, v.numbers)
}

// rangesOf are the ranges of ascending indices.
func rangesOf(pcs []int) []Range {
	var list []Range
	for _, pc := range pcs {
		if k := len(list) - 1; k >= 0 && list[k].To+1 >= pc {
			list[k].To = max(list[k].To, pc)
			continue
		}
		list = append(list, Range{pc, pc})
	}
	return list
}

// joinRanges is the ranges of both lists.
func joinRanges(a, b []Range) []Range {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y Range) int { return x.From - y.From })
	var list []Range
	for _, r := range all {
		if k := len(list) - 1; k >= 0 && list[k].To+1 >= r.From {
			list[k].To = max(list[k].To, r.To)
			continue
		}
		list = append(list, r)
	}
	return list
}
