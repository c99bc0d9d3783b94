// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// item is what a rule names: a call by its name, or a range of numbers without names.
type item struct {
	name    string
	numbers seccomp.Range
}

// group is the calls that have the same rules: one rule, or a list of them in an order.
type group struct {
	list  []outcome
	items []item          // in the order of their first ABI
	abis  map[item]uint32 // bit i: for the policy's i-th
}

// add adds a call of the policy's ABI with that index.
func (g *group) add(i item, domain int) {
	if g.abis[i] == 0 {
		g.items = append(g.items, i)
	}
	g.abis[i] |= 1 << domain
}

// grouper writes the rules of all calls. Calls with equal rules become one rule that
// names them all, whichever ABIs they are of.
type grouper struct {
	*decompiler
	def      seccomp.Action
	groups   []*group
	index    map[string]*group
	seen     map[item][]*clauses // what ABIs before have for a call
	meanings map[*clauses]symbolic.Node
}

// rules are the policy's rules for a default. ABIs of 64 bits come first, because rules
// that were found there can often serve for 32 bits unchanged, and not the other way
// round: the upper halves of their values are known.
func (d *decompiler) rules(def seccomp.Action) ([]seccomp.Rule, error) {
	m := grouper{decompiler: d, def: def, index: map[string]*group{}, seen: map[item][]*clauses{}}
	order := make([]int, len(d.domains)) // those of 32 bits can follow those of 64
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(d.domains[b].abi.Bits(), d.domains[a].abi.Bits())
	})
	count := 0
	for _, i := range order {
		m.meanings = map[*clauses]symbolic.Node{}
		for _, c := range d.domains[i].classes {
			n, err := m.addClass(i, c)
			if err != nil {
				return nil, err
			}
			if count += n; count > maxDecompiled {
				return nil, fmt.Errorf("%w: more than %d rules", ErrUndecided, maxDecompiled)
			}
		}
	}
	var rules []seccomp.Rule
	for _, g := range m.groups {
		if rules = append(rules, d.split(g)...); len(rules) > maxDecompiled {
			return nil, fmt.Errorf("%w: more than %d rules", ErrUndecided, maxDecompiled)
		}
	}
	return rules, d.Undecided()
}

// addClass adds the calls of a class, and returns how many rules one of them needs.
func (m *grouper) addClass(domain int, c numberClass) (int, error) {
	if v, ok := m.LeafValue(c.node); ok && seccomp.Action(v) == m.def {
		return 0, nil
	}
	own, err := m.clauses(m.domains[domain].abi, c.node, m.def)
	if err != nil {
		abi, nr := m.domains[domain].abi, c.numbers[0].From
		name, _ := abi.Name(nr)
		return 0, fmt.Errorf("%v %s (%d): %w", abi, cmp.Or(name, "call"), nr, err)
	}
	var calls seccomp.Rule
	nameRule(&calls, m.domains[domain].abi, c.numbers)
	var items []item
	for _, name := range calls.Syscalls {
		items = append(items, item{name: name})
	}
	for _, n := range calls.Numbers {
		items = append(items, item{numbers: n})
	}
	for _, i := range items {
		m.add(domain, c.node, i, own)
	}
	return len(own.list), nil
}

// add adds a call. If an ABI before has rules for the call that mean the same on this
// one, those are used, so that the call has one rule for both.
func (m *grouper) add(domain int, n symbolic.Node, i item, own *clauses) {
	known := slices.IndexFunc(m.seen[i], func(l *clauses) bool { return m.answerOf(domain, l) == n })
	if known >= 0 {
		own = m.seen[i][known]
	} else {
		m.seen[i] = append(m.seen[i], own)
	}
	if own.ordered {
		m.group(own.keys[0], own.list).add(i, domain)
		return
	}
	for k := range own.list {
		m.group(own.keys[k], own.list[k:k+1]).add(i, domain)
	}
}

// answerOf is what clauses and the default answer on an ABI.
func (m *grouper) answerOf(domain int, l *clauses) symbolic.Node {
	n, ok := m.meanings[l]
	if !ok {
		k := encoder{Graph: m.Graph}
		n = m.Leaf(uint32(m.def))
		for _, c := range slices.Backward(l.list) {
			n = m.Ite(k.matches(m.domains[domain].abi, &seccomp.Rule{Args: c.args}), m.Leaf(uint32(c.action)), n)
		}
		m.meanings[l] = n
	}
	return n
}

// group is the group with that key, made if need be.
func (m *grouper) group(key string, list []outcome) *group {
	g := m.index[key]
	if g == nil {
		g = &group{list: list, abis: map[item]uint32{}}
		m.index[key] = g
		m.groups = append(m.groups, g)
	}
	return g
}

// split writes the rules of a group: one for each set of ABIs that some of its calls have.
// A call that is in the group on every ABI that has it needs no list of ABIs.
func (d *decompiler) split(g *group) []seccomp.Rule {
	var calls []seccomp.Rule
	at := map[uint32]int{}
	for _, i := range g.items {
		set := g.abis[i]
		if set == d.having(i) {
			set = 0
		}
		r, ok := at[set]
		if !ok {
			r = len(calls)
			at[set] = r
			calls = append(calls, seccomp.Rule{Arches: d.listed(set)})
		}
		if i.name != "" {
			calls[r].Syscalls = append(calls[r].Syscalls, i.name)
		} else {
			calls[r].Numbers = append(calls[r].Numbers, i.numbers)
		}
	}
	var rules []seccomp.Rule
	for _, r := range calls {
		if len(rules) > maxCombined {
			break // more than anybody takes
		}
		for _, c := range g.list {
			r.Args, r.Action = c.args, c.action
			rules = append(rules, r)
		}
	}
	return rules
}

// having is the set of ABIs that a rule for all ABIs would be about for that call: those
// whose table has the name, or all for a range of numbers.
func (d *decompiler) having(i item) uint32 {
	set := uint32(0)
	for k, abi := range d.policy.Arches {
		if _, ok := abi.Number(i.name); ok || i.name == "" {
			set |= 1 << k
		}
	}
	return set
}

// listed is a set of ABIs as a list. It is nil for the empty set, which means all.
func (d *decompiler) listed(set uint32) []arch.Arch {
	var list []arch.Arch
	for k, abi := range d.policy.Arches {
		if set&(1<<k) != 0 {
			list = append(list, abi)
		}
	}
	return list
}
