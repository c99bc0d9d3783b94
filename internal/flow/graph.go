// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// Kind is what a node does.
type Kind uint8

const (
	Test   Kind = iota // asks one field of the call
	Answer             // ends the program
	Code               // computes: instructions as text
)

// Graph is what a program decides. The program begins with node 0, and all edges lead to
// nodes behind their own.
type Graph struct {
	Nodes    []Node
	Clusters []Cluster
}

// Cluster is the part of the graph that is for calls of one ABI.
type Cluster struct {
	Arch arch.Arch
	Note string // what its calls are told by, if not by the token alone
}

// Node is one question, one answer, or a run of instructions.
type Node struct {
	Kind    Kind
	Cluster int // index, -1 for what comes before the ABI is known, or for no known ABI
	// Title is the question ("call number", "socket: domain = AF_VSOCK"), the answer's
	// action, or what the accumulator holds where code begins.
	Title string
	// Lines are the instructions of Code.
	Lines []string
	// Calls are the numbers that come here, where the question before this node was the call
	// number, in ascending order.
	Calls  []Run
	Action seccomp.Action // Answer only
	// Instructions are those that the node stands for: ranges of indices. One instruction may
	// belong to several nodes, one for each ABI for example.
	Instructions []Range
	Edges        []Edge
}

// Range is instructions From to To, both included.
type Range struct{ From, To int }

// Edge leads to what follows.
type Edge struct {
	To int
	// Values says for which values: "yes", "otherwise", "x86_64", or AF_INET and AF_INET6. It is
	// empty where the calls of the node behind it say it, and where there is only one edge.
	Values []string
}

// Of is the graph of a program that Check accepts.
func Of(p bpf.Program) Graph {
	e, ok := explore(p)
	if !ok {
		return blocks(p)
	}
	return build(e)
}
