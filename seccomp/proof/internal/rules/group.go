// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Item is what a rule names: a call by its name, or a range of numbers without names.
type Item struct {
	Name    string
	Numbers seccomp.Range
}

// Group is the calls that have the same rules: one rule, or a list of them in an order.
type Group struct {
	list  []Outcome
	items []Item          // in the order of their first ABI
	abis  map[Item]uint32 // bit i: for the policy's i-th
}

// NewGroup is a group of no calls yet.
func NewGroup(list []Outcome) *Group { return &Group{list: list, abis: map[Item]uint32{}} }

// Add adds a call of the policy's ABI with that index, which is below 32: there are fewer ABIs.
func (g *Group) Add(i Item, domain int) {
	if g.abis[i] == 0 {
		g.items = append(g.items, i)
	}
	g.abis[i] |= 1 << domain
}

// Rules writes the rules of a group: one for each set of ABIs that some of its calls have.
// A call that is in the group on every ABI that has it needs no list of ABIs. So
//
//	read on x86_64 and x86, clone on x86_64 alone  ->  one rule for read, one for clone on x86_64
func (g *Group) Rules(arches []arch.Arch) []seccomp.Rule {
	var calls []seccomp.Rule
	at := map[uint32]int{}
	for _, i := range g.items {
		set := g.abis[i]
		if set == having(arches, i) {
			set = 0
		}
		r, ok := at[set]
		if !ok {
			r = len(calls)
			at[set] = r
			calls = append(calls, seccomp.Rule{Arches: listed(arches, set)})
		}
		if i.Name != "" {
			calls[r].Syscalls = append(calls[r].Syscalls, i.Name)
		} else {
			calls[r].Numbers = append(calls[r].Numbers, i.Numbers)
		}
	}
	var rules []seccomp.Rule
	for _, r := range calls {
		if len(rules) > maxCombined {
			break // more than anybody takes
		}
		for _, c := range g.list {
			r.Args, r.Action = c.Args, c.Action
			rules = append(rules, r)
		}
	}
	return rules
}

// having is the set of ABIs that a rule for all ABIs would be about for that call: those
// whose table has the name, or all for a range of numbers.
func having(arches []arch.Arch, i Item) uint32 {
	set := uint32(0)
	for k, abi := range arches {
		if _, ok := abi.Number(i.Name); ok || i.Name == "" {
			set |= 1 << k
		}
	}
	return set
}

// listed is a set of ABIs as a list. It is nil for the empty set, which means all.
func listed(arches []arch.Arch, set uint32) []arch.Arch {
	var list []arch.Arch
	for k, abi := range arches {
		if set&(1<<k) != 0 {
			list = append(list, abi)
		}
	}
	return list
}
