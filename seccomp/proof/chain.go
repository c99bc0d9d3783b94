// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
)

// chain proves that a program decides from a start on as rules do.
func (s *cutter) chain(at symbolic.Start, list ruleList, place symbolic.Data) (*symbolic.Data, error) {
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
	return s.last(n, s.encode(list.abi, rules, list.otherwise), place)
}

// piece finds a cut of the program, such that what comes before it is what some of the
// rules decide: the first ones or, of the first with one answer, any. The rest is
// what is left of the rules; ok is false if there is no such cut. Both sides grow
// by turns.
func (s *cutter) piece(at symbolic.Start, cuts []int, abi arch.Arch, rules []int) (next symbolic.Start, cut int, rest []int, ok bool, err error) {
	g := s.graph
	type reached struct {
		cut  int
		next symbolic.Start
	}
	answer, open := g.Leaf(afterCut), symbolic.True
	programs, lists := map[symbolic.Node]reached{}, map[symbolic.Node]int{answer: 0}
	c := encoder{Graph: g, policy: s.policy}
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

// until is what the program answers from a start up to a cut, if all paths come to it
// with the same in the registers.
func (s *cutter) until(at symbolic.Start, cut int) (n symbolic.Node, next symbolic.Start, ok bool, err error) {
	count := 0
	n, err = s.graph.Part(s.program, at, func(pc int) bool { return pc == cut }, func(x symbolic.Start) uint32 {
		next = x
		count++
		return afterCut
	})
	return n, next, count == 1, err
}
