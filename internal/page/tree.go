// SPDX-License-Identifier: Apache-2.0

package page

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/flow"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/usual"
)

// tree is what a program decides, as package flow has it: the script draws it from node 0 on.
type tree struct {
	Nodes   []node `json:"nodes"`
	Omitted bool   `json:"omitted,omitempty"` // it has too many nodes to be drawn
}

// node is one question, one answer, or a run of instructions.
type node struct {
	Kind         string   `json:"kind"` // test, code, or that of the answer
	Title        string   `json:"title"`
	ABI          string   `json:"abi,omitempty"`
	Note         string   `json:"note,omitempty"`  // what the calls of the ABI are told by
	Calls        []string `json:"calls,omitempty"` // the calls that come here
	Lines        []string `json:"lines,omitempty"` // code
	Instructions int      `json:"instructions"`
	Edges        []edge   `json:"edges,omitempty"`
}

// edge leads to another node.
type edge struct {
	To     int      `json:"to"`
	Values []string `json:"values,omitempty"`
	Share  uint32   `json:"share,omitempty"` // how often usual programs go there, in thousandths
}

const (
	mostNodes = 2000 // that are drawn
	mostCalls = 6    // ranges of calls in a node
)

// treeOf is the picture of one program. The shares are those of calls of one ABI.
func treeOf(p bpf.Program, a arch.Arch) *tree {
	g := flow.Of(p)
	if len(g.Nodes) > mostNodes {
		return &tree{Nodes: []node{}, Omitted: true}
	}
	t := &tree{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		out := node{Kind: kindOfNode(n), Title: n.Title, Lines: n.Lines, Calls: linesOf(flow.Calls(n.Calls, mostCalls))}
		if n.Cluster >= 0 {
			c := g.Clusters[n.Cluster]
			out.ABI, out.Note = c.Arch.String(), c.Note
		}
		for _, r := range n.Instructions {
			out.Instructions += r.To - r.From + 1
		}
		for _, e := range n.Edges {
			out.Edges = append(out.Edges, edge{To: e.To, Values: e.Values})
		}
		t.Nodes = append(t.Nodes, out)
	}
	t.heat(&g, p, a)
	return t
}

// linesOf is words for calls as lines of a box: the numbers that no call has follow each other.
func linesOf(words []string) []string {
	if i := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "without a call") }); i >= 0 {
		return append(words[:i:i], strings.Join(words[i:], ", "))
	}
	return words
}

// kindOfNode is "test", "code", or what colours an answer.
func kindOfNode(n *flow.Node) string {
	switch n.Kind {
	case flow.Answer:
		return kindOf(n.Action)
	case flow.Test:
		return "test"
	}
	return "code"
}

// heat adds up, on every edge, the usual calls that pass it. Arguments count as 0.
func (t *tree) heat(g *flow.Graph, p bpf.Program, a arch.Arch) {
	for _, u := range usual.Calls {
		nr, ok := a.Number(u.Name)
		if !ok {
			continue
		}
		passed := map[int]bool{}
		d := seccompdata.Of(a.Audit(), nr, 0, &[6]uint64{})
		p.Trace(&d, func(pc int) { passed[pc] = true })
		for at := 0; ; {
			next := slices.IndexFunc(g.Nodes[at].Edges, func(e flow.Edge) bool { return leads(g, &g.Nodes[e.To], a, nr, passed) })
			if next < 0 {
				break
			}
			t.Nodes[at].Edges[next].Share += u.Share
			at = g.Nodes[at].Edges[next].To
		}
	}
}

// leads says whether a call that passes those instructions comes to a node. All edges lead to
// nodes behind their own, so that a walk ends.
func leads(g *flow.Graph, n *flow.Node, a arch.Arch, nr uint32, passed map[int]bool) bool {
	if n.Cluster >= 0 && g.Clusters[n.Cluster].Arch != a {
		return false
	}
	if len(n.Calls) > 0 {
		return slices.ContainsFunc(n.Calls, func(r flow.Run) bool { return r.From <= nr && nr <= r.To && (r.Arch == a || r.Arch == 0) })
	}
	return slices.ContainsFunc(n.Instructions, func(r flow.Range) bool {
		for pc := r.From; pc <= r.To; pc++ {
			if passed[pc] {
				return true
			}
		}
		return false
	})
}
