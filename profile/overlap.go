// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/seccomp"
)

const (
	// comparisons is how many pairs of rules are compared, in all.
	//
	// A document with more is refused, or its rules are ranked (RestrictOverlaps): none
	// is taken on trust.
	comparisons = 1 << 22
	// reports is how many overlaps are reported; one is enough to refuse.
	reports = 16
)

// compareOverlaps looks for calls that two rules with conditions give different actions.
//
// An entry with a rule without conditions is left out, because that rule decides alone.
// libseccomp gives one of two overlapping rules the call by the order of its tree, which
// no reader of the document can see, so by default an overlap is refused.
func (r *resolver) compareOverlaps() {
	s := sweep{resolver: r, left: comparisons, told: map[[2]int]bool{}}
	for _, ref := range r.index.Shared {
		if c := &r.index.Entries[ref]; c.Always == 0 {
			r.noteOrder(c)
			s.entry(c)
		}
	}
}

// sweep compares the rules of an entry. They are sorted by the values of the
// argument that most of them are about, so that only those are compared whose
// values can meet.
//
// With the intervals sorted by their low ends, one pass keeps those that are open. For n
// rules that compare one argument for equality with different values, the usual case, it
// takes about n log n steps and not n*n.
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

// entry compares the rules with conditions for one call. Rules of one action never conflict, so
// nothing is done where there is one action only. Spans come sorted by their low ends; each is
// compared with the open ones of other actions, and is then open itself.
func (s *sweep) entry(c *resolution.Entry) {
	s.list = s.index.Conditional(s.list[:0], c)
	rules := s.list
	first := s.rules[rules[0]].Action
	if !slices.ContainsFunc(rules, func(i int) bool { return s.rules[i].Action != first }) {
		return
	}
	s.open = s.open[:0]
	for _, next := range s.spans(c, rules) {
		action := s.rules[next.rule].Action
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
//
// A span that ends before the next begins can meet none that follows, since low ends only
// grow: it is dropped for good.
func (s *sweep) against(c *resolution.Entry, open *actionSpans, next span) {
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
		if pair := [2]int{s.rules[first].Doc, s.rules[second].Doc}; len(s.told) < reports && !s.told[pair] {
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
//
// The hull of a masked comparison may be wide, and then more pairs are compared than need
// be. None is missed.
func (s *sweep) spans(c *resolution.Entry, rules []int) []span {
	var counts [6]int
	for _, i := range rules {
		for _, a := range s.rules[i].Args {
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
		args := solve.Any()
		args.Restrict(s.rules[i].Args, s.arches[c.ABI])
		if low, high, ok := args[index].Hull(); ok {
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
func (s *sweep) meet(c *resolution.Entry, first, second int) ([6]uint64, bool) {
	args := solve.Any()
	args.Restrict(s.rules[first].Args, s.arches[c.ABI])
	args.Restrict(s.rules[second].Args, s.arches[c.ABI])
	budget := solve.Steps
	found, ok := args.Find(&budget)
	// The work for long lists of conditions counts as comparisons too.
	s.left -= (len(s.rules[first].Args) + len(s.rules[second].Args) + solve.Steps - budget) / 16
	if budget < 0 {
		s.left = -1
	}
	return found, ok
}

// report says which call two rules decide differently. With RestrictOverlaps it is a
// note, and the rules are tried by rank from then on.
func (s *sweep) report(c *resolution.Entry, first, second int, args [6]uint64) {
	a, b := &s.rules[first], &s.rules[second]
	call := s.call(c, args)
	s.witness = &seccomp.Call{Audit: s.arches[c.ABI].Audit(), Nr: c.Nr, Args: args}
	defer func() { s.witness = nil }()
	path := resolution.RulePath(b.Doc)
	at := s.p.Syscalls[b.Doc].at.rule
	other := s.ruleAt(a.Doc)
	if s.Restrict {
		s.rank = true
		won := a
		if b.Action.Rank() < a.Action.Rank() {
			won = b
		}
		s.note(Info, "overlap", at, path, "", "%s is %v here and %v in %v: it gets %v", call, b.Action, a.Action, other, won.Action)
		return
	}
	s.note(Failure, "overlap", at, path, "make the conditions of one of them exclude the other's",
		"%s is %v here and %v in %v: their conditions overlap", call, b.Action, a.Action, other)
}

// tooMany refuses rules that take too long to compare.
func (s *sweep) tooMany(c *resolution.Entry) {
	if s.Restrict {
		s.rank = true
		return
	}
	s.note(Failure, "too-many-overlaps", 0, "syscalls", "", "too many rules for %s to see whether they overlap", s.name(c))
}

// call is a witness for people: "socket(0x10, 0x3) on x86_64".
func (s *sweep) call(c *resolution.Entry, args [6]uint64) string {
	return solve.CallText(s.name(c), s.arches[c.ABI], args)
}

// name is that of an entry's call, or its number in digits.
func (r *resolver) name(c *resolution.Entry) string {
	if name, ok := r.arches[c.ABI].Name(c.Nr); ok {
		return name
	}
	return strconv.FormatUint(uint64(c.Nr), 10)
}
