// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
)

// reading says how rules are read where Sieve decides otherwise than libseccomp; each bit is
// Sieve's way, and stands in the list of deviations.
type reading uint

const (
	// ownOrder: each rule is tried as a whole, in libseccomp's order. There, rules whose
	// conditions begin with the same comparison of a half share what follows it.
	ownOrder reading = 1 << iota
	// kernelWidth: of the number of a call that is made through another, the kernel's bits
	// count (socketcall-width, ipc-version). There, all bits do.
	kernelWidth
	// strictest: a call with conditions that is made through another gets its most
	// restrictive action (multiplexer-conditions). There, the condition on the first argument
	// is lost, and the others compare the multiplexer's arguments.
	strictest
	// skipped: number 0xffffffff is no call of x32 (x32-alone).
	skipped

	libseccomp reading = 0
	sieve              = ownOrder | kernelWidth | strictest | skipped
)

// key is a call on an ABI: its number, or the name of one that the ABI lacks.
type key struct {
	nr   uint32
	name string
}

// model is what a policy means, in a reading.
type model struct {
	*policy
	reading
	calls   []map[key]*call // by place in arches
	refused map[int]string  // kinds of error, by rule
	plain   *seccomp.Policy
}

// newModel reads the rules of a policy but for those in out.
func newModel(p *policy, r reading, out map[int]bool) *model {
	m := &model{policy: p, reading: r, refused: map[int]string{}}
	for range p.arches {
		m.calls = append(m.calls, map[key]*call{})
	}
	var start []map[key]*call
	for i := range p.rules {
		if i == p.rejected[0] {
			start = m.clone()
		}
		if !out[i] {
			if kind := m.add(i, &p.rules[i]); kind != "" {
				m.refused[i] = kind
			}
		}
		if i == p.rejected[1]-1 {
			m.calls = start
		}
	}
	m.through()
	m.plain = m.flat()
	return m
}

const other = "error" // one that callers cannot tell from others

func errno(e syscall.Errno) string { return strconv.Itoa(int(e)) }

// add reads a rule for all ABIs; an error on one takes it back on all.
func (m *model) add(i int, s *Step) (kind string) {
	exact := strings.HasSuffix(s.Do, "Exact")
	switch {
	case s.Name == "" && s.Call <= -1 && s.Call >= -99:
		return other
	case s.Action == m.fallback:
		return other
	case exact && len(m.arches) > 1:
		return errno(syscall.EOPNOTSUPP)
	}
	for j, c := range s.Conditions {
		if taken(s.Conditions[:j], c.Argument) {
			return other
		}
	}
	undo := m.clone()
	for j, a := range m.arches {
		if k := m.addTo(j, a, i, s, exact); k != "" && kind == "" {
			kind = k
		}
	}
	if kind != "" {
		m.calls = undo
	}
	return kind
}

// clone is a copy of the calls that can be added to.
func (m *model) clone() []map[key]*call {
	list := make([]map[key]*call, len(m.calls))
	for j := range m.calls {
		list[j] = map[key]*call{}
		for k, c := range m.calls[j] {
			list[j][k] = c.clone()
		}
	}
	return list
}

// addTo reads a rule for one ABI.
func (m *model) addTo(j int, a abi, i int, s *Step, exact bool) (kind string) {
	name := s.Name
	if name == "" {
		var ok bool
		if name, ok = native.Name(uint32(s.Call)); !ok {
			return m.unnamed(j, a, i, s, exact)
		}
	}
	nr, has := a.Number(name)
	mux, n, muxed := a.Multiplexer(name)
	switch {
	case muxed && exact && len(s.Conditions) > 0:
		return other
	case muxed && m.reading&strictest == 0:
		muxNr, _ := a.Number(mux)
		if kind := m.insert(j, key{nr: muxNr}, m.companion(a, mux, n, s.Conditions), i, s); kind != "" {
			return kind
		}
	case !muxed && !has && exact:
		return errno(syscall.EDOM)
	case !muxed && !has && multiplexes(a):
		return ""
	}
	k := key{nr: nr}
	if !has {
		k = key{name: name}
	}
	return m.insert(j, k, conditionsOf(a, s.Conditions), i, s)
}

// unnamed is addTo for a number without a name, which only the ABI of the program can take.
func (m *model) unnamed(j int, a abi, i int, s *Step, exact bool) (kind string) {
	if a != native {
		return other
	}
	k := key{nr: uint32(s.Call)}
	if s.Call < 0 {
		k = key{name: strconv.Itoa(int(s.Call))}
	}
	if s.Call < 0 && exact {
		return errno(syscall.EDOM)
	}
	return m.insert(j, k, conditionsOf(a, s.Conditions), i, s)
}

func (m *model) insert(j int, k key, conditions []condition, i int, s *Step) (kind string) {
	c := m.calls[j][k]
	if c == nil {
		c = new(call)
		m.calls[j][k] = c
	}
	if c.add(&entry{conditions, act(s.Action), i}, m.arches[j].Bits(), m.reading&ownOrder == 0) {
		return errno(syscall.EEXIST)
	}
	return ""
}

// conditionsOf are a rule's on an ABI, by argument. Constants are cut to the ABI's arguments,
// and what compares no bit is left out.
func conditionsOf(a abi, conditions []Condition) []condition {
	var list []condition
	for _, c := range conditions {
		own := condition{int(c.Argument), c.Op, c.A, ^uint64(0)}
		if c.Op == MaskedEQ {
			own.value, own.mask = c.B&c.A, c.A
		}
		if a.Bits() == 32 {
			own.mask &= 0xffffffff
			own.value &= 0xffffffff
		}
		if own.mask != 0 {
			list = append(list, own)
		}
	}
	slices.SortFunc(list, func(a, b condition) int { return a.index - b.index })
	return list
}
