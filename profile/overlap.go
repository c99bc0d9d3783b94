// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

const (
	// comparisons is how many pairs of rules are compared, in all.
	comparisons = 1 << 22
	// steps is how many are made to find arguments.
	steps = 1 << 17
	// reports is how many overlaps are reported; one is enough to refuse.
	reports = 16
)

// overlaps looks for calls that two rules with conditions give different actions.
func (r *resolver) overlaps() {
	s := sweep{resolver: r, left: comparisons, told: map[[2]int]bool{}}
	for _, ref := range r.cells.shared {
		if c := &r.cells.list[ref]; c.always == 0 {
			r.aboutOrder(c)
			s.cell(c)
		}
	}
}

// sweep compares the rules of a cell. They are sorted by the values of the
// argument that most of them are about, so that only those are compared whose
// values can meet.
type sweep struct {
	*resolver
	left int
	told map[[2]int]bool
	open []actionSpans
}

// span is the values of an argument from low to high, and a rule.
type span struct {
	low, high uint64
	rule      int
}

// actionSpans are the spans with one action that are not yet passed.
type actionSpans struct {
	action seccomp.Action
	spans  []span
}

func (s *sweep) cell(c *cell) {
	s.list = s.cells.conditional(s.list[:0], c)
	rules := s.list
	first := s.rules[rules[0]].action
	if !slices.ContainsFunc(rules, func(i int) bool { return s.rules[i].action != first }) {
		return
	}
	s.open = s.open[:0]
	for _, next := range s.spans(c, rules) {
		action := s.rules[next.rule].action
		for i := range s.open {
			if s.open[i].action != action {
				s.against(c, &s.open[i], next)
			}
		}
		s.open = slices.DeleteFunc(s.open, func(o actionSpans) bool { return len(o.spans) == 0 })
		own := slices.IndexFunc(s.open, func(o actionSpans) bool { return o.action == action })
		if s.left < 0 {
			s.tooMany(c)
			return
		}
		if own < 0 {
			own = len(s.open)
			s.open = append(s.open, actionSpans{action: action})
		}
		s.open[own].spans = append(s.open[own].spans, next)
	}
}

// against compares a rule with the open ones of another action.
func (s *sweep) against(c *cell, open *actionSpans, next span) {
	kept := open.spans[:0]
	for _, o := range open.spans {
		if o.high < next.low {
			continue
		}
		kept = append(kept, o)
		if s.left--; s.left < 0 {
			return
		}
		first, second := min(o.rule, next.rule), max(o.rule, next.rule)
		if pair := [2]int{s.rules[first].doc, s.rules[second].doc}; len(s.told) < reports && !s.told[pair] {
			if args, ok := s.meet(c, first, second); ok {
				s.told[pair] = true
				s.report(c, first, second, args)
			}
			if s.left < 0 {
				return
			}
		}
	}
	open.spans = kept
}

// spans are the values that each rule is about, sorted. Rules that never match
// have none.
func (s *sweep) spans(c *cell, rules []int) []span {
	var counts [6]int
	for _, i := range rules {
		for _, a := range s.rules[i].args {
			counts[a.Index]++
		}
	}
	index := 0
	for i, n := range counts {
		if n > counts[index] {
			index = i
		}
	}
	list := make([]span, 0, len(rules))
	for _, i := range rules {
		args := anyArguments()
		args.rule(s.rules[i].args, s.arches[c.abi])
		if low, high, ok := args[index].hull(); ok {
			list = append(list, span{low, high, i})
		}
	}
	slices.SortFunc(list, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.rule, b.rule))
	})
	return list
}

// meet finds arguments for which both rules match. The search takes a step for
// each NE at most; rules with a great many of them are too many.
func (s *sweep) meet(c *cell, first, second int) ([6]uint64, bool) {
	args := anyArguments()
	args.rule(s.rules[first].args, s.arches[c.abi])
	args.rule(s.rules[second].args, s.arches[c.abi])
	budget := steps
	found, ok := args.find(&budget)
	// The work for long lists of conditions counts as comparisons too.
	s.left -= (len(s.rules[first].args) + len(s.rules[second].args) + steps - budget) / 16
	if budget < 0 {
		s.left = -1
	}
	return found, ok
}

func (s *sweep) report(c *cell, first, second int, args [6]uint64) {
	a, b := &s.rules[first], &s.rules[second]
	call := s.call(c, args)
	s.witness = &seccomp.Call{Audit: s.arches[c.abi].Audit(), Nr: c.nr, Args: args}
	defer func() { s.witness = nil }()
	path := rulePath(b.doc)
	at := s.p.Syscalls[b.doc].at.rule
	other := s.ruleAt(a.doc)
	if s.restrict {
		s.rank = true
		won := a
		if b.action.Rank() < a.action.Rank() {
			won = b
		}
		s.note(Info, "overlap", at, path, "", "%s is %v here and %v in %v: it gets %v", call, b.action, a.action, other, won.action)
		return
	}
	s.note(Failure, "overlap", at, path, "make the conditions of one of them exclude the other's",
		"%s is %v here and %v in %v: their conditions overlap", call, b.action, a.action, other)
}

// tooMany refuses rules that take too long to compare.
func (s *sweep) tooMany(c *cell) {
	if s.restrict {
		s.rank = true
		return
	}
	name, _ := s.arches[c.abi].Name(c.nr)
	s.note(Failure, "too-many-overlaps", 0, "syscalls", "", "too many rules for %s to see whether they overlap", name)
}

func (s *sweep) call(c *cell, args [6]uint64) string {
	abi := s.arches[c.abi]
	name, _ := abi.Name(c.nr)
	return callText(name, abi, args)
}

// callText is a call for people: "clone(0x10, 0) on x86_64".
func callText(name string, abi arch.Arch, args [6]uint64) string {
	return fmt.Sprintf("%s on %v", argsText(name, args), abi)
}

// argsText is a call without its ABI, with the arguments up to the last that is
// not 0: "clone(0x10, 0)".
func argsText(name string, args [6]uint64) string {
	count := 1
	for i, x := range args {
		if x != 0 {
			count = i + 1
		}
	}
	list := make([]string, count)
	for i := range list {
		list[i] = fmt.Sprintf("%#x", args[i])
	}
	return fmt.Sprintf("%s(%s)", name, strings.Join(list, ", "))
}
