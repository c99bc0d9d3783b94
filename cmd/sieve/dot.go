// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/flow"
	"github.com/gosieve/sieve/seccomp"
)

// Limits of what a box of the picture shows. All of it is in the box's tooltip.
const (
	dotColumns = 64 // of a line
	dotRuns    = 40 // ranges of call numbers
	dotLines   = 12 // instructions
	dotValues  = 16 // values of an edge
	// dotEdgesAtMost is how many edges are laid out with care.
	dotEdgesAtMost = 1000
)

// dotGraph writes for Graphviz what the program decides: questions, answers, and the calls that
// each answer is for, with a frame around what is for one ABI.
//
//	n1 [label="socket: domain = AF_VSOCK", shape=diamond];
//	n1 -> n2 [label="yes"];
func dotGraph(p bpf.Program) string {
	g := flow.Of(p)
	var b strings.Builder
	b.WriteString("digraph filter {\n")
	fmt.Fprintf(&b, "\t%s;\n\tnode [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", fontsize=11, margin=\"0.12,0.06\"];\n", layout(&g))
	b.WriteString("\tedge [fontname=\"sans-serif\", fontsize=10, arrowsize=0.7];\n\tranksep=0.5;\n\tnodesep=0.15;\n")
	for k, c := range g.Clusters {
		fmt.Fprintf(&b, "\tsubgraph cluster%d {\n\t\tlabel=%s;\n\t\tlabeljust=l;\n\t\tfontname=\"sans-serif\";\n\t\tfontsize=14;\n\t\tcolor=\"#7f8c8d\";\n\t\tstyle=rounded;\n",
			k, dotQuote(clusterTitle(c)))
		dotNodes(&b, &g, k, "\t\t")
		b.WriteString("\t}\n")
	}
	dotNodes(&b, &g, -1, "\t")
	for id, n := range g.Nodes {
		for _, e := range n.Edges {
			label := ""
			if len(e.Values) > 0 {
				label = fmt.Sprintf(" [label=%s, edgetooltip=%s]", dotQuote(edgeText(e.Values)), dotQuote(strings.Join(e.Values, ", ")))
			}
			fmt.Fprintf(&b, "\tn%d -> n%d%s;\n", id, e.To, label)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// edgeText is the values of an edge, the first of them if they are many.
func edgeText(values []string) string {
	if len(values) > dotValues {
		values = append(values[:dotValues-1:dotValues-1], fmt.Sprintf("%d more", len(values)-dotValues+1))
	}
	return strings.Join(wrapped(strings.Join(values, ", "), 40), "\n")
}

// clusterTitle is the name of an ABI, and what its calls are told by.
func clusterTitle(c flow.Cluster) string {
	if c.Note == "" {
		return c.Arch.String()
	}
	return c.Arch.String() + ": " + c.Note
}

// dotNodes writes the nodes of a cluster.
func dotNodes(b *strings.Builder, g *flow.Graph, cluster int, indent string) {
	for id, n := range g.Nodes {
		if n.Cluster != cluster {
			continue
		}
		label := ""
		for _, line := range dotText(&n) {
			label += dotEscape(line) + `\l`
		}
		if !strings.Contains(strings.TrimSuffix(label, `\l`), `\l`) {
			label = strings.TrimSuffix(label, `\l`) // a single line is centred
		}
		fmt.Fprintf(b, "%sn%d [label=\"%s\"%s, tooltip=%s];\n", indent, id, label, dotStyle(&n), dotQuote(tooltip(&n)))
	}
}

// dotText is the lines of a node's box.
func dotText(n *flow.Node) []string {
	var list []string
	if n.Title != "" {
		list = wrapped(n.Title, dotColumns)
	}
	switch n.Kind {
	case flow.Answer:
		list = append(list, callLines(n.Calls)...)
	case flow.Code:
		if len(n.Lines) > dotLines {
			list = append(list, n.Lines[:dotLines-1]...)
			return append(list, fmt.Sprintf("%d more instructions", len(n.Lines)-dotLines+1))
		}
		list = append(list, n.Lines...)
	}
	return list
}

// callLines are the calls that an answer is for.
func callLines(runs []flow.Run) []string {
	if len(runs) == 0 {
		return nil
	}
	var list []string
	if calls := flow.Count(runs); calls > 1 {
		list = append(list, fmt.Sprintf("%d calls:", calls))
	}
	return append(list, wrapped(strings.Join(flow.Calls(runs, dotRuns), ", "), dotColumns)...)
}

// tooltip is all of a node, and its instructions.
func tooltip(n *flow.Node) string {
	var list []string
	for _, r := range n.Instructions {
		if r.From == r.To {
			list = append(list, fmt.Sprint(r.From))
		} else {
			list = append(list, fmt.Sprintf("%d-%d", r.From, r.To))
		}
	}
	text := n.Title + "\n" + strings.Join(n.Lines, "\n")
	if len(n.Calls) > 0 {
		text += "\n" + strings.Join(flow.Calls(n.Calls, len(n.Calls)), ", ")
	}
	if list != nil {
		text += "\ninstructions " + strings.Join(list, ", ")
	}
	return strings.TrimSpace(text)
}

// wrapped breaks a text at its blanks, and after "|", into lines of so many columns where it
// can be.
func wrapped(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.SplitAfter(strings.ReplaceAll(text, "|", "|\x00"), " ") {
		for _, part := range strings.Split(word, "\x00") {
			if line != "" && len(line)+len(strings.TrimSpace(part)) > columns {
				lines = append(lines, strings.TrimSpace(line))
				line = ""
			}
			line += part
		}
	}
	return append(lines, strings.TrimSpace(line))
}

// dotStyle is the shape and colour of a node: answers are green where the call is made, red
// where the process or thread ends, orange where the call fails, and blue where somebody is
// asked.
func dotStyle(n *flow.Node) string {
	switch n.Kind {
	case flow.Code:
		return `, fontname="monospace", style=filled, fillcolor="#eceff1"`
	case flow.Test:
		return `, style=filled, fillcolor="#fff9db"`
	}
	return fmt.Sprintf(`, fillcolor=%q`, actionColour(n.Action))
}

// actionColour is light enough for black text.
func actionColour(a seccomp.Action) string {
	switch a.Kind() {
	case seccomp.Allow:
		return "#c8f0cf"
	case seccomp.Log:
		return "#e0f5c0"
	case seccomp.Notify, seccomp.Trace(0):
		return "#cfe2ff"
	case seccomp.Errno(0), seccomp.Trap(0):
		return "#ffe0b8"
	}
	return "#ffc9c9"
}

// dotQuote writes a string of Graphviz's language.
func dotQuote(text string) string { return `"` + dotEscape(text) + `"` }

// dotEscape writes what stands between the quotes of such a string.
func dotEscape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text)
}

// layout is where edges lead: to the right, as the boxes are wide and low, unless the picture
// would become a band. Where it would be one either way it is stretched: a program that asks
// hundreds of things side by side is none that people have written. Nor is one with more edges
// than dotEdgesAtMost, over which Graphviz would work for minutes.
func layout(g *flow.Graph) string {
	const wide, stretched = 2, "; ratio=0.3"
	text := "rankdir=LR"
	right, down := measure(g)
	if right > wide && down < right {
		text = "rankdir=TB"
	}
	if min(right, down) > wide {
		text += stretched
	}
	edges := 0
	for _, n := range g.Nodes {
		edges += len(n.Edges)
	}
	if edges > dotEdgesAtMost {
		text += "; splines=line; nslimit=0.1; nslimit1=0.1; mclimit=0.01"
	}
	return text
}

// measure estimates how many times as wide as high the picture will be, if edges lead to the
// right and if they lead down. The numbers are points that a letter, a line and the space
// around a box take.
func measure(g *flow.Graph) (right, down float64) {
	const letter, line, around, between = 6, 14, 20, 40
	depth := make([]int, len(g.Nodes))
	var wide, high, sumWide, sumHigh []float64 // by depth: of the largest node, of all
	add := func(d int, w, h float64) {
		for len(wide) <= d {
			wide, high, sumWide, sumHigh = append(wide, 0), append(high, 0), append(sumWide, 0), append(sumHigh, 0)
		}
		wide[d], high[d] = max(wide[d], w), max(high[d], h)
		sumWide[d], sumHigh[d] = sumWide[d]+w, sumHigh[d]+h
	}
	for id, n := range g.Nodes {
		text := dotText(&n)
		columns := 0
		for _, t := range text {
			columns = max(columns, len(t))
		}
		add(2*depth[id], float64(letter*columns+around), float64(line*len(text)+around))
		for _, e := range n.Edges {
			depth[e.To] = max(depth[e.To], depth[id]+1)
			add(2*depth[id]+1, float64(letter*min(40, len(edgeText(e.Values)))+between), between)
		}
	}
	var w, h, ws, hs float64
	for d := range wide {
		w, h = w+wide[d], h+high[d]
		if d%2 == 0 {
			ws, hs = max(ws, sumWide[d]), max(hs, sumHigh[d])
		}
	}
	return w / hs, ws / h
}
