// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// manyConditions is the number of conditions from which a policy may be proved between
// cut points. Below it one diagram is always small, and dividing would only cost time.
const manyConditions = 64

// mostVertices is how many vertices a graph may have before the next piece gets a new
// one: about 16 MB. Larger graphs are slower to search than new ones are to fill.
const mostVertices = 1 << 18

// errCutpoints is the answer for a filter that could not be proved between cut points.
var errCutpoints = fmt.Errorf("%w: not proved in parts", ErrUndecided)

// Leaf values for inputs that a piece does not decide. labelBase+n says which start or
// list of rules comes next, afterCut that the program goes on after a cut point. The
// kernel knows no such action, so no effective answer is equal to one of them.
const (
	labelBase = 0x20000000
	afterCut  = 0x20000001 // what comes after a cut
)

// byCutpoints proves a filter of one program, piece by piece. It returns an input for
// which the filter differs, or nil if the filter is proved, or an error: errCutpoints if
// no cut points fit, or that of the limits. spent is the steps done.
//
// A policy with hundreds of conditions for one call can have a diagram that outgrows any
// memory, though its program is linear in them. The method is that of cut points
// in combinational equivalence checking:
//
//  1. The decision on the architecture and the number comes first. It leads the program to
//     an instruction and the policy to a list of rules, and each pair of the two
//     that some call reaches is a question of its own (cutter.decide).
//  2. Such a question is divided where all paths of the program pass through one
//     instruction, as they do between the rules of a chain (chain.go). What
//     comes before must be what some of the rules decide, and what comes after what
//     the other rules decide.
//
// Every piece is proved for all inputs, including those that never reach it. So
// equal pieces make an equal whole. Pieces that differ prove nothing, because the
// difference may be out of reach: only a call on which Run and Evaluate differ
// counts. Without one the question goes back to the diagram of the whole.
func byCutpoints(f seccomp.Filter, p *seccomp.Policy, limits symbolic.Limits) (found *symbolic.Data, spent int, err error) {
	if len(f) != 1 || !diagram.Plain(f) || symbolic.Hard(symbolic.Code(f[0])) {
		return nil, 0, errCutpoints
	}
	s := cutter{policy: p, filter: f, program: symbolic.NewProgram(symbolic.Code(f[0])), limits: limits}
	found, err = s.decide()
	return found, s.spent, err
}

// cutter proves a filter piece by piece.
type cutter struct {
	policy  *seccomp.Policy
	filter  seccomp.Filter
	program *symbolic.Program
	limits  symbolic.Limits
	spent   int // steps, before those of the graph
	order   symbolic.Order
	graph   *symbolic.Graph
	starts  []symbolic.Start        // of the program, by label
	lists   []ruleList              // of the policy, by label
	single  map[symbolic.Node][]int // rules by where they hold, in this graph
}

// ruleList is the rules of an ABI that decide on a call, in order, and the action if none
// of them matches.
type ruleList struct {
	abi       arch.Arch
	rules     []int
	otherwise seccomp.Action
}

// labelPair is the leaves that program and policy have for one input: each is an answer
// or a label (labelBase).
type labelPair struct{ program, policy uint32 }

// begin makes a new graph with what is left of the limits. Nodes of the old one are void.
func (s *cutter) begin() {
	s.end()
	s.graph = symbolic.New(s.order, s.limits.Minus(s.spent))
	s.single = nil
}

// end charges the steps of the graph.
func (s *cutter) end() {
	if s.graph != nil {
		s.spent += s.graph.Steps()
		s.graph = nil
	}
}

// decide builds the decision on the architecture and the number of both sides, finds each
// pair of leaves that some input reaches, with a witness, and proves the pairs one by one.
func (s *cutter) decide() (*symbolic.Data, error) {
	defer func() { s.end() }()
	s.order = symbolic.LittleEndian()
	s.begin()
	g := s.graph
	a, err := g.Segment(s.program, symbolic.Start{}, s.program.LoadsArgument, s.startLabel)
	if err != nil {
		return nil, err
	}
	b, err := s.dispatch(g)
	if err != nil {
		return nil, err
	}
	index := map[labelPair]uint32{}
	var pairs []labelPair
	both := g.Apply(a, b, func(program, policy uint32) uint32 {
		x := labelPair{program, policy}
		n, ok := index[x]
		if !ok {
			n = uint32(len(pairs))
			index[x] = n
			pairs = append(pairs, x)
		}
		return n
	})
	places := make([]symbolic.Data, len(pairs))
	reached := make([]bool, len(pairs))
	for n := range pairs {
		where := g.Map(both, func(v uint32) uint32 {
			if v == uint32(n) {
				return 1
			}
			return 0
		})
		places[n], reached[n] = g.Witness(symbolic.Difference{A: where, B: symbolic.False})
	}
	if err := g.Undecided(); err != nil {
		return nil, err
	}
	for n, x := range pairs {
		if !reached[n] {
			continue
		}
		if found, err := s.pair(x, places[n]); found != nil || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// startLabel is the leaf for a start: where the program first loads an argument, and the
// registers there.
func (s *cutter) startLabel(at symbolic.Start) uint32 {
	n := slices.Index(s.starts, at)
	if n < 0 {
		n = len(s.starts)
		s.starts = append(s.starts, at)
	}
	return labelBase + uint32(n)
}

// dispatch is the policy's answer by the architecture and the number, with labels for
// lists of rules that have conditions.
func (s *cutter) dispatch(g *symbolic.Graph) (symbolic.Node, error) {
	return diagram.Dispatch(g, s.policy, func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32 {
		n := slices.IndexFunc(s.lists, func(l ruleList) bool {
			return l.abi == abi && l.otherwise == otherwise && slices.Equal(l.rules, rules)
		})
		if n < 0 {
			n = len(s.lists)
			s.lists = append(s.lists, ruleList{abi, rules, otherwise})
		}
		return labelBase + uint32(n)
	})
}

// pair proves that a start of the program decides as a list of rules does; either side
// may already be an answer. place is an input that reaches both: its architecture and
// number make a counterexample of an input on which the two differ.
func (s *cutter) pair(x labelPair, place symbolic.Data) (*symbolic.Data, error) {
	list := ruleList{otherwise: seccomp.Action(x.policy)}
	if x.policy&^0x0fffffff == labelBase {
		list = s.lists[x.policy-labelBase]
	}
	if x.program&^0x0fffffff != labelBase {
		s.order = symbolic.LittleEndian()
		s.begin()
		return s.last(s.graph.Leaf(x.program), s.encode(list.abi, list.rules, list.otherwise), place)
	}
	return s.chain(s.starts[x.program-labelBase], list, place)
}

// encode is what rules of an ABI answer, the last first, as Policy.Evaluate tries them.
func (s *cutter) encode(abi arch.Arch, rules []int, otherwise seccomp.Action) symbolic.Node {
	n := s.graph.Leaf(uint32(diagram.Effective(otherwise)))
	for _, r := range slices.Backward(rules) {
		rule := &s.policy.Rules[r]
		n = s.graph.Ite(diagram.Matches(s.graph, abi, rule.Args), s.action(rule), n)
	}
	return n
}

// last compares the two sides of what is left. An input on which they differ counts only
// if Run and Evaluate differ on it too.
func (s *cutter) last(a, b symbolic.Node, place symbolic.Data) (*symbolic.Data, error) {
	g := s.graph
	if err := g.Undecided(); err != nil {
		return nil, err
	}
	if a == b {
		return nil, nil
	}
	if w, ok := g.Witness(symbolic.Difference{A: a, B: b}); ok {
		w[diagram.NrWord], w[diagram.ArchWord] = place[diagram.NrWord], place[diagram.ArchWord]
		if c := diagram.CallOf(bpf.Data(w)); diagram.Effective(s.filter.Run(c)) != diagram.Effective(s.policy.Evaluate(c)) {
			return &w, nil
		}
	}
	return nil, errCutpoints
}

// action is the leaf of what a rule answers.
func (s *cutter) action(r *seccomp.Rule) symbolic.Node {
	return s.graph.Leaf(uint32(diagram.Effective(r.Action)))
}

// countConditions is how many conditions the policy's rules have.
func countConditions(p *seccomp.Policy) int {
	n := 0
	for i := range p.Rules {
		n += len(p.Rules[i].Args)
	}
	return n
}
