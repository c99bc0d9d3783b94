// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
)

// item is a call, by name, or numbers without one.
type item struct {
	name    string
	numbers Range
}

// rulesOf are rules of one action and the same conditions.
type rulesOf struct {
	args   []Arg
	action Action
	items  []item          // in the order of their first ABI
	abis   map[item]uint32 // bit i: for the policy's i-th
}

// merged makes rules of what was found: the ranges of an argument that meet are
// joined, and calls with the same conditions and answer are in one rule, whichever
// ABIs they are of.
func (d *decompiler) merged() []Rule {
	var groups []*rulesOf
	index := map[string]*rulesOf{}
	group := func(action Action, args []Arg) *rulesOf {
		key := fmt.Sprint(action, args)
		g := index[key]
		if g == nil {
			g = &rulesOf{args: args, action: action, abis: map[item]uint32{}}
			index[key] = g
			groups = append(groups, g)
		}
		return g
	}
	d.byItem(func(f finding, i item, list []values) {
		for _, f.values = range joined(list) {
			bits := d.policy.Arches[f.abi].Bits()
			args := f.values.arguments(bits, false)
			if wide := f.values.arguments(bits, true); bits == 32 {
				if g := index[fmt.Sprint(f.action, wide)]; g != nil && g.abis[i] != 0 {
					args = wide // as an ABI of 64 bits says it
				}
			}
			group(f.action, args).add(i, f.abi)
		}
	})
	var rules []Rule
	for _, g := range groups {
		rules = append(rules, d.split(g)...)
	}
	return rules
}

func (g *rulesOf) add(i item, abi int) {
	if g.abis[i] == 0 {
		g.items = append(g.items, i)
	}
	g.abis[i] |= 1 << abi
}

// arguments are the conditions on an ABI of so many bits. If that is 32, masks may
// have their upper halves or not.
func (v values) arguments(bits int, wide bool) []Arg {
	most := ^uint64(0)
	if bits == 32 {
		most = uint64(wholeWord)
	}
	var args []Arg
	for i, x := range v {
		if bits == 32 && !wide && x.From == x.To && x.Mask != ^uint64(0) {
			x.Mask &= most
		}
		args = append(args, x.conditions(i, most)...)
	}
	return args
}

// byItem calls yield for every call of an ABI and an answer of it, in the order in
// which they were found, with all values for which it is the answer.
func (d *decompiler) byItem(yield func(f finding, i item, list []values)) {
	type key struct {
		abi    int
		action Action
		item   item
	}
	var keys []key
	lists := map[key][]values{}
	for i := range d.found {
		f := &d.found[i]
		add := func(i item) {
			k := key{f.abi, f.action, i}
			if _, ok := lists[k]; !ok {
				keys = append(keys, k)
			}
			lists[k] = append(lists[k], f.values)
		}
		for _, name := range f.calls.Syscalls {
			add(item{name: name})
		}
		for _, n := range f.calls.Numbers {
			add(item{numbers: n})
		}
	}
	// The others can follow those of 64 bits.
	slices.SortStableFunc(keys, func(a, b key) int {
		return cmp.Compare(d.policy.Arches[b.abi].Bits(), d.policy.Arches[a.abi].Bits())
	})
	for _, k := range keys {
		yield(finding{abi: k.abi, action: k.action}, k.item, lists[k])
	}
}

// joined is the same values in fewer sets: where two differ in one argument, and
// its values follow one another, they become one.
func joined(list []values) []values {
	const low = uint64(wholeWord)
	for i := range list {
		for k := range list[i] {
			if v := &list[i][k]; v.Mask == low<<32 {
				v.Mask, v.To = ^uint64(0), v.To|low
			}
		}
	}
	for index := 0; index < 6 && len(list) > 1; index++ {
		last := map[values]int{} // by the other arguments: the set with the values seen last
		var next []values
		for _, v := range sorted(list, index) {
			x := v[index]
			others := v
			others[index] = Values{Mask: x.Mask}
			at, ok := last[others]
			if ok && x.Mask == ^uint64(0) && next[at][index].To+1 == x.From {
				next[at][index].To = x.To
				continue
			}
			last[others] = len(next)
			next = append(next, v)
		}
		list = next
	}
	return list
}

// sorted is the list by the values of one argument.
func sorted(list []values, index int) []values {
	return slices.SortedStableFunc(slices.Values(list), func(a, b values) int { return cmp.Compare(a[index].From, b[index].From) })
}

// split makes a rule for each set of ABIs that calls of a group are of.
func (d *decompiler) split(g *rulesOf) []Rule {
	var rules []Rule
	at := map[uint32]int{}
	for _, i := range g.items {
		set := g.abis[i]
		if set == d.having(i) {
			set = 0
		}
		r, ok := at[set]
		if !ok {
			r = len(rules)
			at[set] = r
			rules = append(rules, Rule{Arches: d.listed(set), Args: g.args, Action: g.action})
		}
		if i.name != "" {
			rules[r].Syscalls = append(rules[r].Syscalls, i.name)
		} else {
			rules[r].Numbers = append(rules[r].Numbers, i.numbers)
		}
	}
	return rules
}

// having is the ABIs that have a call: a rule for all ABIs is for those.
func (d *decompiler) having(i item) uint32 {
	set := uint32(0)
	for k, abi := range d.policy.Arches {
		if _, ok := abi.Number(i.name); ok || i.name == "" {
			set |= 1 << k
		}
	}
	return set
}

// listed is a set of ABIs, nil for none, which means all.
func (d *decompiler) listed(set uint32) []arch.Arch {
	var list []arch.Arch
	for k, abi := range d.policy.Arches {
		if set&(1<<k) != 0 {
			list = append(list, abi)
		}
	}
	return list
}
