// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/gosieve/sieve/seccomp/proof/internal/rules"
)

// grouper writes the rules of all calls. Calls with equal rules become one rule that
// names them all, whichever ABIs they are of.
type grouper struct {
	*decompiler
	def      seccomp.Action
	groups   []*rules.Group
	index    map[string]*rules.Group
	seen     map[rules.Item][]*clauses // what ABIs before have for a call
	meanings map[*clauses]symbolic.Node
}

// rules are the policy's rules for a default. ABIs of 64 bits come first, because rules
// that were found there can often serve for 32 bits unchanged, and not the other way
// round: the upper halves of their values are known.
func (d *decompiler) rules(def seccomp.Action) ([]seccomp.Rule, error) {
	m := grouper{decompiler: d, def: def, index: map[string]*rules.Group{}, seen: map[rules.Item][]*clauses{}}
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
				return nil, fmt.Errorf("%w: more than %d rules", symbolic.ErrUndecided, maxDecompiled)
			}
		}
	}
	var rules []seccomp.Rule
	for _, g := range m.groups {
		if rules = append(rules, g.Rules(d.policy.Arches)...); len(rules) > maxDecompiled {
			return nil, fmt.Errorf("%w: more than %d rules", symbolic.ErrUndecided, maxDecompiled)
		}
	}
	return rules, d.Undecided()
}

// addClass adds the calls of a class, and returns how many rules one of them needs. A class
// with the default's answer needs none.
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
	rules.NameRule(&calls, m.domains[domain].abi, c.numbers)
	var items []rules.Item
	for _, name := range calls.Syscalls {
		items = append(items, rules.Item{Name: name})
	}
	for _, n := range calls.Numbers {
		items = append(items, rules.Item{Numbers: n})
	}
	for _, i := range items {
		m.add(domain, c.node, i, own)
	}
	return len(own.list), nil
}

// add adds a call. If an ABI before has rules for the call that mean the same on this
// one, those are used, so that the call has one rule for both.
func (m *grouper) add(domain int, n symbolic.Node, i rules.Item, own *clauses) {
	known := slices.IndexFunc(m.seen[i], func(l *clauses) bool { return m.answerOf(domain, l) == n })
	if known >= 0 {
		own = m.seen[i][known]
	} else {
		m.seen[i] = append(m.seen[i], own)
	}
	if own.ordered {
		m.group(own.keys[0], own.list).Add(i, domain)
		return
	}
	for k := range own.list {
		m.group(own.keys[k], own.list[k:k+1]).Add(i, domain)
	}
}

// answerOf is what clauses and the default answer on an ABI.
func (m *grouper) answerOf(domain int, l *clauses) symbolic.Node {
	n, ok := m.meanings[l]
	if !ok {
		n = m.Leaf(uint32(m.def))
		for _, c := range slices.Backward(l.list) {
			n = m.Ite(diagram.Matches(m.Graph, m.domains[domain].abi, c.Args), m.Leaf(uint32(c.Action)), n)
		}
		m.meanings[l] = n
	}
	return n
}

// group is the group with that key, made if need be. Groups stay in the order in which they
// were made, so that equal filters give equal policies.
func (m *grouper) group(key string, list []rules.Outcome) *rules.Group {
	g := m.index[key]
	if g == nil {
		g = rules.NewGroup(list)
		m.index[key] = g
		m.groups = append(m.groups, g)
	}
	return g
}
