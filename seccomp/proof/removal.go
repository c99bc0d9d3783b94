// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// without removes the rules that a piece of the program, n, implements: among the first
// rules that share one action, those that match only where n has this action. They
// must together match everywhere that n has it, and n must go on everywhere else. It is
// nil if that does not fit.
//
// The order of rules with one action is free, and a filter may have them in any order. So
// not only the first rules are tried.
func (s *cutter) without(n symbolic.Node, abi arch.Arch, rules []int) []int {
	if len(rules) == 0 {
		return nil
	}
	g := s.graph
	first := s.action(&s.policy.Rules[rules[0]])
	value, _ := g.LeafValue(first)
	where := g.Map(n, func(v uint32) uint32 {
		if v == value {
			return 1
		}
		return 0
	})
	if g.Ite(where, first, g.Leaf(afterCut)) != n {
		return nil
	}
	if rest := s.withoutOne(where, first, abi, rules); rest != nil {
		return rest
	}
	rest := make([]int, 0, len(rules))
	all := symbolic.False
	for i, r := range rules {
		rule := &s.policy.Rules[r]
		if s.action(rule) != first {
			rest = append(rest, rules[i:]...)
			break
		}
		holds := diagram.Matches(g, abi, rule.Args)
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

// withoutOne is the fast case of without: one rule, and rules equal to it, match exactly
// where n has the action. A map finds it without trying every rule, which keeps
// the whole proof linear for a chain of single rules in any order.
func (s *cutter) withoutOne(where, first symbolic.Node, abi arch.Arch, rules []int) []int {
	if s.single == nil {
		s.single = map[symbolic.Node][]int{}
		for _, r := range rules {
			n := diagram.Matches(s.graph, abi, s.policy.Rules[r].Args)
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
