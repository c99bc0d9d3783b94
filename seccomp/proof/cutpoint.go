// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// manyConditions is from how many conditions on a policy may be proved in parts.
const manyConditions = 64

// mostVertices is how many a graph may have before the next part gets another one.
const mostVertices = 1 << 18

// errParts is a filter that was not proved in parts.
var errCutpoints = fmt.Errorf("%w: not proved in parts", ErrUndecided)

// Values that stand for what comes after a part. The kernel takes no action for what
// it is, so that no plain filter returns them.
const (
	labelBase = 0x20000000
	afterCut  = 0x20000001 // what comes after a cut
)

// inParts proves a filter of one program. It returns an input for which it differs, if one
// was found, and otherwise errParts or the error of the limits.
func byCutpoints(f seccomp.Filter, p *seccomp.Policy, limits symbolic.Limits) (found *symbolic.Data, spent int, err error) {
	if len(f) != 1 || !plain(f) || symbolic.Hard(symbolic.Code(f[0])) {
		return nil, 0, errCutpoints
	}
	s := cutter{policy: p, filter: f, program: symbolic.NewParts(symbolic.Code(f[0])), limits: limits}
	found, err = s.decide()
	return found, s.spent, err
}

// splitter proves a filter in parts.
type cutter struct {
	policy  *seccomp.Policy
	filter  seccomp.Filter
	program *symbolic.Parts
	limits  symbolic.Limits
	spent   int // steps, before those of the graph
	order   symbolic.Order
	graph   *symbolic.Graph
	starts  []symbolic.Start        // of the program, by label
	lists   []ruleList              // of the policy, by label
	single  map[symbolic.Node][]int // rules by where they hold, in this graph
}

// ruleList is the rules that decide on a call, and what comes after them.
type ruleList struct {
	abi       arch.Arch
	rules     []int
	otherwise seccomp.Action
}

// meeting is what the program and the policy come to.
type labelPair struct{ program, policy uint32 }

// begin makes a graph with what is left of the limits.
func (s *cutter) begin() {
	s.end()
	s.graph = symbolic.New(s.order, s.limits.Less(s.spent))
	s.single = nil
}

func (s *cutter) end() {
	if s.graph != nil {
		s.spent += s.graph.Steps()
		s.graph = nil
	}
}

// decide proves the decision on the architecture and the number, and then each pair.
func (s *cutter) decide() (*symbolic.Data, error) {
	defer func() { s.end() }()
	s.order = symbolic.LittleEndian()
	s.begin()
	g := s.graph
	a, err := g.Part(s.program, symbolic.Start{}, s.program.LoadsArgument, s.startLabel)
	if err != nil {
		return nil, err
	}
	b, err := s.dispatch(g)
	if err != nil {
		return nil, err
	}
	index := map[labelPair]uint32{}
	var pairs []labelPair
	both := g.Join(a, b, func(program, policy uint32) uint32 {
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
		where := g.Each(both, func(v uint32) uint32 {
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

// label is the value for where the program looks at an argument.
func (s *cutter) startLabel(at symbolic.Start) uint32 {
	n := slices.Index(s.starts, at)
	if n < 0 {
		n = len(s.starts)
		s.starts = append(s.starts, at)
	}
	return labelBase + uint32(n)
}

// dispatch is the policy's answer by the architecture and number, or the label of a
// list of rules.
func (s *cutter) dispatch(g *symbolic.Graph) (symbolic.Node, error) {
	return dispatched(g, s.policy, func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32 {
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

// pair proves what one start of the program and one list of rules come to. The calls
// from which they come include the place.
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

// paint is the answer of rules.
func (s *cutter) encode(abi arch.Arch, rules []int, otherwise seccomp.Action) symbolic.Node {
	n := s.graph.Leaf(uint32(effective(otherwise)))
	c := encoder{Graph: s.graph, policy: s.policy}
	for _, r := range slices.Backward(rules) {
		rule := &s.policy.Rules[r]
		n = s.graph.Ite(c.matches(abi, rule), s.action(rule), n)
	}
	return n
}

// last compares what is left on both sides.
func (s *cutter) last(a, b symbolic.Node, place symbolic.Data) (*symbolic.Data, error) {
	g := s.graph
	if err := g.Undecided(); err != nil {
		return nil, err
	}
	if a == b {
		return nil, nil
	}
	if w, ok := g.Witness(symbolic.Difference{A: a, B: b}); ok {
		w[nrWord], w[archWord] = place[nrWord], place[archWord]
		if c := callOf(bpf.Data(w)); effective(s.filter.Run(c)) != effective(s.policy.Evaluate(c)) {
			return &w, nil
		}
	}
	return nil, errCutpoints
}

// action is what a rule answers.
func (s *cutter) action(r *seccomp.Rule) symbolic.Node {
	return s.graph.Leaf(uint32(effective(r.Action)))
}

// conditional is how many conditions the rules have.
func countConditions(p *seccomp.Policy) int {
	n := 0
	for i := range p.Rules {
		n += len(p.Rules[i].Args)
	}
	return n
}
