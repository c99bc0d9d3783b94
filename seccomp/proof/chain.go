// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// chain proves that the program, from a start on, decides as a list of rules does.
//
// It removes a piece of the program and the rules that this piece implements, again
// and again (piece), and compares what is left as one diagram. Each piece needs a
// diagram of a few rules only. Words that the program reads first come first in the
// order of bits, below the number and the architecture, which are decided already.
//
// The graph is replaced when it grows large. Nothing of an older graph is needed: a
// piece is proved when it is found.
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
	n, err := g.Segment(s.program, at, func(int) bool { return false }, nil)
	if err != nil {
		return nil, err
	}
	return s.last(n, s.encode(list.abi, rules, list.otherwise), place)
}

// piece finds a cut point such that the program up to it implements some of the rules:
// either the first ones, or some of those that come first and share one action (their
// order does not matter). rest is the rules that are left. ok is false if no cut
// point fits.
//
// Two lists grow in turns: what the program answers up to cut point i, and what
// the first i rules answer. Both are compared as nodes, so a match is found at the
// first i for which both sides have been built. Turns keep the work proportional to
// the shorter side.
//
// answer is what the first i rules decide, with afterCut where none of them matches;
// open is the path condition that none has matched.
func (s *cutter) piece(at symbolic.Start, cuts []int, abi arch.Arch, rules []int) (next symbolic.Start, cut int, rest []int, ok bool, err error) {
	g := s.graph
	type reached struct {
		cut  int
		next symbolic.Start
	}
	answer, open := g.Leaf(afterCut), symbolic.True
	programs, lists := map[symbolic.Node]reached{}, map[symbolic.Node]int{answer: 0}
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
			holds := g.And(open, diagram.Matches(g, abi, rule.Args))
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

// until is what the program answers from a start up to a cut point, with afterCut as the
// answer where it gets there. ok is true if all paths get there with the registers in one
// state: then next is the one start of what comes after. With several states the
// rest of the program would depend on the path, and the cut point cannot be used.
func (s *cutter) until(at symbolic.Start, cut int) (n symbolic.Node, next symbolic.Start, ok bool, err error) {
	count := 0
	n, err = s.graph.Segment(s.program, at, func(pc int) bool { return pc == cut }, func(x symbolic.Start) uint32 {
		next = x
		count++
		return afterCut
	})
	return n, next, count == 1, err
}
