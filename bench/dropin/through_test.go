// SPDX-License-Identifier: Apache-2.0

package dropin

import "github.com/gosieve/sieve/seccomp"

// multiplexes says whether the ABI has calls that are made through others.
func multiplexes(a abi) bool {
	_, _, ok := a.Multiplexer("socket")
	return ok
}

// companion is a rule's conditions for a call that is made through another, in libseccomp's
// reading.
func (m *model) companion(a abi, mux string, n uint32, conditions []Condition) []condition {
	list := []condition{m.chooses(mux, n)}
	for _, c := range conditionsOf(a, conditions) {
		if c.index != 0 {
			list = append(list, c)
		}
	}
	return list
}

// chooses is the condition on a multiplexer's first argument.
func (m *model) chooses(mux string, n uint32) condition {
	switch {
	case m.reading&kernelWidth == 0:
		return condition{index: 0, op: EQ, value: uint64(n), mask: ^uint64(0)}
	case mux == "ipc":
		return condition{index: 0, op: MaskedEQ, value: uint64(n), mask: 0xffff}
	}
	return condition{index: 0, op: MaskedEQ, value: uint64(n), mask: 0xffffffff}
}

// through adds what calls get that are made through others, in Sieve's reading: after all
// rules for these, and only where none decides without conditions.
func (m *model) through() {
	if m.reading&strictest == 0 {
		return
	}
	for j, a := range m.arches {
		for _, name := range multiplexed {
			mux, n, ok := a.Multiplexer(name)
			if !ok {
				continue
			}
			nr, has := a.Number(name)
			k := key{nr: nr}
			if !has {
				k = key{name: name}
			}
			action := m.hardest(m.calls[j][k])
			muxNr, _ := a.Number(mux)
			c := m.calls[j][key{nr: muxNr}]
			if action == act(m.fallback) || c != nil && c.all != nil {
				continue
			}
			if c == nil {
				c = new(call)
				m.calls[j][key{nr: muxNr}] = c
			}
			e := &entry{[]condition{m.chooses(mux, n)}, action, -1}
			c.list = append(c.list, e)
			c.tree.merge(grow(e.conditions, e, a.Bits()))
		}
	}
}

// hardest is the most restrictive action that a call can get.
func (m *model) hardest(c *call) seccomp.Action {
	action := act(m.fallback)
	switch {
	case c == nil:
	case c.all != nil:
		action = c.all.action
	default:
		for _, e := range c.list {
			if e.action.Rank() < action.Rank() {
				action = e.action
			}
		}
	}
	return action
}
