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

// One diagram of a policy with hundreds of conditions for one call can outgrow any memory,
// though its program is linear in them. Such a filter is proved in parts. The first
// is the decision on the architecture and the number: it leads the program to an
// instruction, and the policy to a list of rules. Each such pair is a question of
// its own, and is divided again: where all paths of the program come through one
// instruction, as they do between the rules of a chain, what comes before it must be
// what some of the rules decide, and what comes after it what the rest do.
//
// What is proved of a part is proved for all inputs, also those that never get there. So
// equal parts make an equal whole. Parts that differ prove nothing but where a
// call is found for which filter and policy do; otherwise the question is left to the
// diagram of the whole.

// manyConditions is from how many conditions on a policy may be proved in parts.
const manyConditions = 64

// mostVertices is how many a graph may have before the next part gets another one.
const mostVertices = 1 << 18

// errParts is a filter that was not proved in parts.
var errParts = fmt.Errorf("%w: not proved in parts", ErrUndecided)

// Values that stand for what comes after a part. The kernel takes no action for what
// it is, so that no plain filter returns them.
const (
	goesOn  = 0x20000000
	further = 0x20000001 // what comes after a cut
)

// inParts proves a filter of one program. It returns an input for which it differs, if one
// was found, and otherwise errParts or the error of the limits.
func inParts(f seccomp.Filter, p *seccomp.Policy, limits symbolic.Limits) (found *symbolic.Data, spent int, err error) {
	if len(f) != 1 || !plain(f) || symbolic.Hard(symbolic.Code(f[0])) {
		return nil, 0, errParts
	}
	s := splitter{policy: p, filter: f, program: symbolic.NewParts(symbolic.Code(f[0])), limits: limits}
	found, err = s.decide()
	return found, s.spent, err
}

// splitter proves a filter in parts.
type splitter struct {
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
type meeting struct{ program, policy uint32 }

// begin makes a graph with what is left of the limits.
func (s *splitter) begin() {
	s.end()
	s.graph = symbolic.New(s.order, s.limits.Less(s.spent))
	s.single = nil
}

func (s *splitter) end() {
	if s.graph != nil {
		s.spent += s.graph.Steps()
		s.graph = nil
	}
}

// decide proves the decision on the architecture and the number, and then each pair.
func (s *splitter) decide() (*symbolic.Data, error) {
	defer func() { s.end() }()
	s.order = symbolic.LittleEndian()
	s.begin()
	g := s.graph
	a, err := g.Part(s.program, symbolic.Start{}, s.program.LoadsArgument, s.label)
	if err != nil {
		return nil, err
	}
	b, err := s.dispatch(g)
	if err != nil {
		return nil, err
	}
	index := map[meeting]uint32{}
	var pairs []meeting
	both := g.Join(a, b, func(program, policy uint32) uint32 {
		x := meeting{program, policy}
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
func (s *splitter) label(at symbolic.Start) uint32 {
	n := slices.Index(s.starts, at)
	if n < 0 {
		n = len(s.starts)
		s.starts = append(s.starts, at)
	}
	return goesOn + uint32(n)
}

// dispatch is the policy's answer by the architecture and number, or the label of a
// list of rules.
func (s *splitter) dispatch(g *symbolic.Graph) (symbolic.Node, error) {
	return dispatched(g, s.policy, func(abi arch.Arch, rules []int, otherwise seccomp.Action) uint32 {
		n := slices.IndexFunc(s.lists, func(l ruleList) bool {
			return l.abi == abi && l.otherwise == otherwise && slices.Equal(l.rules, rules)
		})
		if n < 0 {
			n = len(s.lists)
			s.lists = append(s.lists, ruleList{abi, rules, otherwise})
		}
		return goesOn + uint32(n)
	})
}

// pair proves what one start of the program and one list of rules come to. The calls
// from which they come include the place.
func (s *splitter) pair(x meeting, place symbolic.Data) (*symbolic.Data, error) {
	list := ruleList{otherwise: seccomp.Action(x.policy)}
	if x.policy&^0x0fffffff == goesOn {
		list = s.lists[x.policy-goesOn]
	}
	if x.program&^0x0fffffff != goesOn {
		s.order = symbolic.LittleEndian()
		s.begin()
		return s.last(s.graph.Leaf(x.program), s.paint(list.abi, list.rules, list.otherwise), place)
	}
	return s.chain(s.starts[x.program-goesOn], list, place)
}

// paint is the answer of rules.
func (s *splitter) paint(abi arch.Arch, rules []int, otherwise seccomp.Action) symbolic.Node {
	n := s.graph.Leaf(uint32(meant(otherwise)))
	c := canvas{Graph: s.graph, policy: s.policy}
	for _, r := range slices.Backward(rules) {
		rule := &s.policy.Rules[r]
		n = s.graph.Ite(c.matches(abi, rule), s.action(rule), n)
	}
	return n
}

// last compares what is left on both sides.
func (s *splitter) last(a, b symbolic.Node, place symbolic.Data) (*symbolic.Data, error) {
	g := s.graph
	if err := g.Undecided(); err != nil {
		return nil, err
	}
	if a == b {
		return nil, nil
	}
	if w, ok := g.Witness(symbolic.Difference{A: a, B: b}); ok {
		w[nrWordIndex], w[archWordIndex] = place[nrWordIndex], place[archWordIndex]
		if c := callOf(bpf.Data(w)); meant(s.filter.Run(c)) != meant(s.policy.Evaluate(c)) {
			return &w, nil
		}
	}
	return nil, errParts
}

// chain proves that a program decides from a start on as rules do.
func (s *splitter) chain(at symbolic.Start, list ruleList, place symbolic.Data) (*symbolic.Data, error) {
	s.order = symbolic.LittleEndian()
	if list.abi != 0 && list.abi.BigEndian() {
		s.order = symbolic.BigEndian()
	}
	s.order = s.order.First(append([]uint8{1, 0}, slices.DeleteFunc(s.program.Loads(at.Instruction), func(w uint8) bool { return w < 2 })...))
	s.begin()
	cuts := s.program.Cuts(at.Instruction)
	rules := list.rules
	for {
		if s.graph.Size() > mostVertices {
			s.begin()
		}
		next, cut, rest, ok, err := s.piece(at, cuts, list.abi, rules)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		at, cuts, rules = next, cuts[cut+1:], rest
	}
	g := s.graph
	n, err := g.Part(s.program, at, func(int) bool { return false }, nil)
	if err != nil {
		return nil, err
	}
	return s.last(n, s.paint(list.abi, rules, list.otherwise), place)
}

// piece finds a cut of the program, such that what comes before it is what some of the
// rules decide: the first ones or, of the first with one answer, any. The rest is
// what is left of the rules; ok is false if there is no such cut. Both sides grow
// by turns.
func (s *splitter) piece(at symbolic.Start, cuts []int, abi arch.Arch, rules []int) (next symbolic.Start, cut int, rest []int, ok bool, err error) {
	g := s.graph
	type reached struct {
		cut  int
		next symbolic.Start
	}
	answer, open := g.Leaf(further), symbolic.True
	programs, lists := map[symbolic.Node]reached{}, map[symbolic.Node]int{answer: 0}
	c := canvas{Graph: g, policy: s.policy}
	for i := 0; i < max(len(cuts), len(rules)); i++ {
		if i < len(cuts) {
			n, next, ok, err := s.until(at, cuts[i])
			if err != nil {
				return next, 0, nil, false, err
			}
			if done, hit := lists[n]; ok && hit {
				return next, i, rules[done:], true, nil
			}
			if rest := s.without(n, abi, rules); ok && rest != nil {
				return next, i, rest, true, nil
			}
			if ok {
				programs[n] = reached{i, next}
			}
		} else if len(programs) == 0 {
			break
		}
		if i < len(rules) {
			rule := &s.policy.Rules[rules[i]]
			holds := g.And(open, c.matches(abi, rule))
			answer = g.Ite(holds, s.action(rule), answer)
			open = g.And(open, g.Not(holds))
			if x, hit := programs[answer]; hit {
				return x.next, x.cut, rules[i+1:], true, nil
			}
			lists[answer] = i + 1
		}
		if err := g.Undecided(); err != nil {
			return next, 0, nil, false, err
		}
	}
	return next, 0, nil, false, nil
}

// without leaves out of the first rules with one answer those that hold nowhere but where
// n has that answer, if they hold everywhere there, and n goes on elsewhere. Which of
// the rules with one answer comes first does not matter. It is nil if that does not fit.
func (s *splitter) without(n symbolic.Node, abi arch.Arch, rules []int) []int {
	if len(rules) == 0 {
		return nil
	}
	g := s.graph
	first := s.action(&s.policy.Rules[rules[0]])
	value, _ := g.LeafValue(first)
	where := g.Each(n, func(v uint32) uint32 {
		if v == value {
			return 1
		}
		return 0
	})
	if g.Ite(where, first, g.Leaf(further)) != n {
		return nil
	}
	if rest := s.withoutOne(where, first, abi, rules); rest != nil {
		return rest
	}
	rest := make([]int, 0, len(rules))
	all := symbolic.False
	c := canvas{Graph: g, policy: s.policy}
	for i, r := range rules {
		rule := &s.policy.Rules[r]
		if s.action(rule) != first {
			rest = append(rest, rules[i:]...)
			break
		}
		holds := c.matches(abi, rule)
		if g.Ite(holds, where, symbolic.True) != symbolic.True {
			rest = append(rest, r)
			continue
		}
		all = g.Or(all, holds)
	}
	if all != where || g.Full() {
		return nil
	}
	return rest
}

// withoutOne is without for a rule that holds just there, and all that are like it.
func (s *splitter) withoutOne(where, first symbolic.Node, abi arch.Arch, rules []int) []int {
	if s.single == nil {
		s.single = map[symbolic.Node][]int{}
		c := canvas{Graph: s.graph, policy: s.policy}
		for _, r := range rules {
			n := c.matches(abi, &s.policy.Rules[r])
			s.single[n] = append(s.single[n], r)
		}
	}
	like := s.single[where]
	end := slices.IndexFunc(rules, func(r int) bool { return s.action(&s.policy.Rules[r]) != first })
	if end < 0 {
		end = len(rules)
	}
	rest := slices.DeleteFunc(slices.Clone(rules[:end]), func(r int) bool { return slices.Contains(like, r) })
	if len(rest) == end || s.graph.Full() {
		return nil
	}
	return append(rest, rules[end:]...)
}

// action is what a rule answers.
func (s *splitter) action(r *seccomp.Rule) symbolic.Node {
	return s.graph.Leaf(uint32(meant(r.Action)))
}

// until is what the program answers from a start up to a cut, if all paths come to it
// with the same in the registers.
func (s *splitter) until(at symbolic.Start, cut int) (n symbolic.Node, next symbolic.Start, ok bool, err error) {
	count := 0
	n, err = s.graph.Part(s.program, at, func(pc int) bool { return pc == cut }, func(x symbolic.Start) uint32 {
		next = x
		count++
		return further
	})
	return n, next, count == 1, err
}

// conditional is how many conditions the rules have.
func conditional(p *seccomp.Policy) int {
	n := 0
	for i := range p.Rules {
		n += len(p.Rules[i].Args)
	}
	return n
}
