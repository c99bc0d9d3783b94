// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Union allows what any of the policies allows: every call gets the least restrictive
// of their answers (Action.Rank) and, of answers that differ in their data alone,
// the first policy's. An ABI that a policy does not list gets its BadArch there.
//
// The result has ordinary rules without origins. It is exact for every call. Errors
// wrap ErrPolicy for a policy that Validate refuses, and ErrUndecided where it would
// need more than 65536 rules.
func Union(first *seccomp.Policy, more ...*seccomp.Policy) (*seccomp.Policy, error) {
	return fold(first, more, func(a, b seccomp.Action) seccomp.Action {
		if b.Rank() > a.Rank() {
			return b
		}
		return a
	})
}

// Intersect allows what all of the policies allow: every call gets the most
// restrictive of their answers, as from a kernel that has all of their filters.
// All else is as for Union.
func Intersect(first *seccomp.Policy, more ...*seccomp.Policy) (*seccomp.Policy, error) {
	return fold(first, more, func(a, b seccomp.Action) seccomp.Action {
		if b.Rank() < a.Rank() {
			return b
		}
		return a
	})
}

// Subtract takes from a policy what another allows: a call that the first may let
// run (ALLOW, LOG, TRACE, USER_NOTIF) and the second does (ALLOW, LOG) gets the
// action denied; every other call gets the first's answer. The error wraps ErrPolicy
// too if denied may let calls run. All else is as for Union.
func Subtract(from, what *seccomp.Policy, denied seccomp.Action) (*seccomp.Policy, error) {
	if err := denied.Validate(); err != nil {
		return nil, err
	}
	if mayRun(denied) {
		return nil, fmt.Errorf("%w: %v for what is subtracted lets it run, want ERRNO, TRAP or KILL", seccomp.ErrPolicy, denied)
	}
	return fold(from, []*seccomp.Policy{what}, func(a, b seccomp.Action) seccomp.Action {
		if mayRun(a) && (b == seccomp.Allow || b == seccomp.Log) {
			return denied
		}
		return a
	})
}

// mayRun says whether calls with that answer may run.
func mayRun(a seccomp.Action) bool { return a.Rank() > seccomp.Errno(0).Rank() }

// choice is the answer to a call of two answers.
type choice func(a, b seccomp.Action) seccomp.Action

func fold(first *seccomp.Policy, more []*seccomp.Policy, choose choice) (*seccomp.Policy, error) {
	for _, p := range append([]*seccomp.Policy{first}, more...) {
		if err := p.Validate(); err != nil {
			return nil, err
		}
	}
	if more == nil {
		more = []*seccomp.Policy{first} // which changes nothing but the form
	}
	all := first
	for _, p := range more {
		c := combiner{a: all, b: p, choose: choose}
		if err := c.combine(); err != nil {
			return nil, err
		}
		all = &c.Policy
	}
	return all, nil
}

// maxCombined is how many rules a combined policy may have.
const maxCombined = 1 << 16

var errCombined = fmt.Errorf("%w: the policies together need more than %d rules", ErrUndecided, maxCombined)

// combiner makes a policy of two.
type combiner struct {
	seccomp.Policy
	a, b   *seccomp.Policy
	choose choice
	blocks []*block
	index  map[string]*block
}

// block is calls that are decided alike.
type block struct {
	outcomes []outcome
	items    rulesOf
}

// outcome is a rule without its calls. In a list of them the first that matches
// counts, and the last has no conditions.
type outcome struct {
	args   []seccomp.Arg
	action seccomp.Action
}

func (c *combiner) combine() error {
	c.Default, c.BadArch = c.choose(c.a.Default, c.b.Default), c.choose(c.a.BadArch, c.b.BadArch)
	c.index = map[string]*block{}
	for _, abi := range append(slices.Clone(c.a.Arches), c.b.Arches...) {
		if slices.Contains(c.Arches, abi) {
			continue
		}
		parts, err := c.parts(abi)
		if err != nil {
			return err
		}
		if !c.foreign(parts) {
			c.Arches = append(c.Arches, abi)
			c.add(abi, parts)
		}
	}
	return c.write()
}

// part is numbers of an ABI and what is decided on them.
type part struct {
	numbers  seccomp.Range
	outcomes []outcome
}

// foreign says whether all calls of an ABI get BadArch, so that it need not be listed.
func (c *combiner) foreign(parts []part) bool {
	return !slices.ContainsFunc(parts, func(p part) bool { return !decides(p.outcomes, c.BadArch) })
}

func decides(list []outcome, a seccomp.Action) bool { return len(list) == 1 && list[0].action == a }

// parts are an ABI's numbers, in order, divided where either policy's rules change.
func (c *combiner) parts(abi arch.Arch) ([]part, error) {
	parts := numbersOf(abi)
	for _, p := range []*seccomp.Policy{c.a, c.b} {
		parts = divide(p, abi, parts)
	}
	left, right := outcomesOf(c.a, abi, parts), outcomesOf(c.b, abi, parts)
	for i := range parts {
		list, err := c.product(abi, left[i], right[i])
		if err != nil {
			return nil, err
		}
		parts[i].outcomes = list
	}
	return parts, nil
}

// numbersOf are the numbers that calls through an ABI can have (arch.Of).
func numbersOf(abi arch.Arch) []part {
	base := arch.X32.Base()
	switch abi {
	case arch.X86_64:
		return []part{{numbers: seccomp.Range{From: 0, To: base - 1}}, {numbers: seccomp.Range{From: wholeWord, To: wholeWord}}}
	case arch.X32:
		return []part{{numbers: seccomp.Range{From: base, To: wholeWord - 1}}}
	}
	return []part{{numbers: seccomp.Range{From: 0, To: wholeWord}}}
}

// ruleNumbers are an ABI's numbers that a rule speaks of.
func ruleNumbers(r *seccomp.Rule, abi arch.Arch) []seccomp.Range {
	if len(r.Arches) > 0 && !slices.Contains(r.Arches, abi) {
		return nil
	}
	list := slices.Clone(r.Numbers)
	for _, name := range r.Syscalls {
		if nr, ok := abi.Number(name); ok {
			list = append(list, seccomp.Range{From: nr, To: nr})
		}
	}
	return list
}

// divide cuts parts where the numbers of a rule begin or end.
func divide(p *seccomp.Policy, abi arch.Arch, parts []part) []part {
	if !slices.Contains(p.Arches, abi) {
		return parts
	}
	var starts []uint32
	for i := range p.Rules {
		for _, n := range ruleNumbers(&p.Rules[i], abi) {
			starts = append(starts, n.From)
			if n.To < wholeWord {
				starts = append(starts, n.To+1)
			}
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	var cut []part
	for _, x := range parts {
		i, _ := slices.BinarySearch(starts, x.numbers.From)
		for ; i < len(starts) && starts[i] <= x.numbers.To; i++ {
			if s := starts[i]; s > x.numbers.From {
				cut = append(cut, part{numbers: seccomp.Range{From: x.numbers.From, To: s - 1}})
				x.numbers.From = s
			}
		}
		cut = append(cut, x)
	}
	return cut
}

// outcomesOf are what the policy decides on each part.
func outcomesOf(p *seccomp.Policy, abi arch.Arch, parts []part) [][]outcome {
	lists, last := make([][]outcome, len(parts)), p.BadArch
	closed := make([]bool, len(parts))
	if slices.Contains(p.Arches, abi) {
		last = p.Default
		for i := range p.Rules {
			r := &p.Rules[i]
			for _, n := range ruleNumbers(r, abi) {
				at, _ := slices.BinarySearchFunc(parts, n.From, func(x part, from uint32) int {
					if x.numbers.From < from {
						return -1
					}
					return 1
				})
				for ; at < len(parts) && parts[at].numbers.To <= n.To; at++ {
					if !closed[at] {
						lists[at] = append(lists[at], outcome{r.Args, r.Action})
						closed[at] = len(r.Args) == 0
					}
				}
			}
		}
	}
	for i := range lists {
		if !closed[i] {
			lists[i] = append(lists[i], outcome{nil, last})
		}
	}
	return lists
}

// product is the list for two lists: of all pairs of which both match, the first
// has the first that matches on either side. That holds in either order of going
// through them; the shorter list counts.
func (c *combiner) product(abi arch.Arch, a, b []outcome) ([]outcome, error) {
	if len(a)*len(b) > maxCombined {
		return nil, errCombined
	}
	rows := pairs(abi, a, b, c.choose)
	columns := pairs(abi, b, a, func(x, y seccomp.Action) seccomp.Action { return c.choose(y, x) })
	if len(columns) < len(rows) {
		return columns, nil
	}
	return rows, nil
}

func pairs(abi arch.Arch, a, b []outcome, choose choice) []outcome {
	var all []outcome
	for _, x := range a {
		from := len(all)
		for _, y := range b {
			if args, ok := joinArgs(abi, x.args, y.args); ok {
				all = append(all, outcome{args, choose(x.action, y.action)})
			}
		}
		// What the last of a row, with the conditions of x alone, decides as well
		// needs no other before it.
		last := all[len(all)-1]
		for len(all) > from+1 && all[len(all)-2].action == last.action {
			all = append(all[:len(all)-2], last)
		}
	}
	last := all[len(all)-1]
	for len(all) > 1 && all[len(all)-2].action == last.action {
		all = append(all[:len(all)-2], last)
	}
	return all
}

// joinArgs are the conditions of both lists; ok is false if they cannot all hold.
func joinArgs(abi arch.Arch, a, b []seccomp.Arg) (list []seccomp.Arg, ok bool) {
	if len(a) == 0 {
		return b, true
	}
	list = slices.Clone(a)
	for _, y := range b {
		if slices.Contains(a, y) {
			continue
		}
		if slices.ContainsFunc(a, func(x seccomp.Arg) bool { return apart(abi, x, y) }) {
			return nil, false
		}
		list = append(list, y)
	}
	return list, true
}

// apart says whether two conditions are seen to exclude each other. Not all that do
// are seen.
func apart(abi arch.Arch, x, y seccomp.Arg) bool {
	low := abi.Bits() == 32
	if x.Index != y.Index || !low && x.Narrow != y.Narrow || x.Op == seccomp.NE || y.Op == seccomp.NE {
		return false
	}
	most := ^uint64(0)
	if low || x.Narrow {
		most = uint64(wholeWord)
	}
	if x.Op != seccomp.MaskedEQ && y.Op != seccomp.MaskedEQ {
		from, to, some := span(x, most)
		first, last, any := span(y, most)
		return some && any && (to < first || last < from)
	}
	m, v, ok := masked(x)
	n, w, both := masked(y)
	return ok && both && m&n&most&(v^w) != 0
}

// span is the values up to most for which a condition of order or EQ holds; some is
// false if there are none.
func span(a seccomp.Arg, most uint64) (from, to uint64, some bool) {
	switch a.Op {
	case seccomp.EQ:
		return a.Value, a.Value, a.Value <= most
	case seccomp.LT:
		return 0, min(a.Value-1, most), a.Value > 0
	case seccomp.LE:
		return 0, min(a.Value, most), true
	case seccomp.GT:
		return a.Value + 1, most, a.Value < most
	}
	return a.Value, most, a.Value <= most // GE
}

// masked is the condition as bits that must have a value.
func masked(a seccomp.Arg) (mask, value uint64, ok bool) {
	switch a.Op {
	case seccomp.EQ:
		return ^uint64(0), a.Value, true
	case seccomp.MaskedEQ:
		return a.Mask, a.Value & a.Mask, true
	}
	return 0, 0, false
}

// add puts an ABI's calls into blocks.
func (c *combiner) add(abi arch.Arch, parts []part) {
	numbers := map[*block][]seccomp.Range{}
	var order []*block
	for _, p := range parts {
		if decides(p.outcomes, c.Default) {
			continue
		}
		key := fmt.Sprint(p.outcomes)
		b := c.index[key]
		if b == nil {
			b = &block{outcomes: p.outcomes, items: rulesOf{abis: map[item]uint32{}}}
			c.index[key] = b
			c.blocks = append(c.blocks, b)
		}
		list := numbers[b]
		if list == nil {
			order = append(order, b)
		}
		if n := len(list); n > 0 && list[n-1].To+1 == p.numbers.From {
			list[n-1].To = p.numbers.To
		} else {
			list = append(list, p.numbers)
		}
		numbers[b] = list
	}
	for _, b := range order {
		var r seccomp.Rule
		nameRule(&r, abi, numbers[b])
		for _, name := range r.Syscalls {
			b.items.add(item{name: name}, len(c.Arches)-1)
		}
		for _, n := range r.Numbers {
			b.items.add(item{numbers: n}, len(c.Arches)-1)
		}
	}
}

// write makes the rules of the blocks. Blocks have no call in common.
func (c *combiner) write() error {
	d := decompiler{policy: &c.Policy}
	for _, b := range c.blocks {
		list := b.outcomes
		if n := len(list); list[n-1].action == c.Default {
			list = list[:n-1]
		}
		b.items.list = list
		c.Rules = append(c.Rules, d.split(&b.items)...)
		if len(c.Rules) > maxCombined {
			return errCombined
		}
	}
	return nil
}
