// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"maps"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// act is the action that the kernel knows.
func act(a uint) seccomp.Action {
	data := uint16(a >> 16)
	switch a & 0xffff {
	case KillThread:
		return seccomp.KillThread
	case KillProcess:
		return seccomp.KillProcess
	case Trap:
		return seccomp.Trap(data)
	case Notify:
		return seccomp.Notify
	case Errno:
		return seccomp.Errno(data)
	case Trace:
		return seccomp.Trace(data)
	case Log:
		return seccomp.Log
	}
	return seccomp.Allow
}

// ops are the operators by Sieve's names.
var ops = map[uint]seccomp.Op{NE: seccomp.NE, LT: seccomp.LT, LE: seccomp.LE, EQ: seccomp.EQ, GE: seccomp.GE, GT: seccomp.GT, MaskedEQ: seccomp.MaskedEQ}

// flat is the model as a policy of Sieve's: its rules in order, so that Policy.Evaluate
// decides.
func (m *model) flat() *seccomp.Policy {
	p := &seccomp.Policy{Default: act(m.fallback), BadArch: act(m.badArch)}
	for j, a := range m.arches {
		p.Arches = append(p.Arches, a.Arch)
		keys := slices.SortedFunc(maps.Keys(m.calls[j]), func(a, b key) int { return int(int64(a.nr) - int64(b.nr)) })
		for _, k := range keys {
			if k.name != "" {
				continue
			}
			for _, e := range m.calls[j][k].entries(a.Bits()) {
				r := seccomp.Rule{Arches: []arch.Arch{a.Arch}, Numbers: []seccomp.Range{{From: k.nr, To: k.nr}}, Action: e.action}
				for _, c := range e.conditions {
					own := seccomp.Arg{Index: c.index, Op: ops[c.op], Value: c.value}
					if c.op == MaskedEQ {
						own.Mask = c.mask
					}
					r.Args = append(r.Args, own)
				}
				p.Rules = append(p.Rules, r)
			}
		}
	}
	return p
}

// find is the rules of a call, and the answer without one that matches.
func (m *model) find(c *seccomp.Call) (*call, int, seccomp.Action) {
	a, ok := arch.Of(c.Audit, c.Nr)
	if ok && c.Nr == 0xffffffff && a == arch.X86_64 && m.reading&skipped == 0 && !slices.Contains(m.arches, native) {
		a = arch.X32
	}
	j := -1
	if ok {
		j = slices.IndexFunc(m.arches, func(listed abi) bool { return listed.Arch == a })
	}
	if j < 0 {
		return &call{}, a.Bits(), act(m.badArch)
	}
	if found := m.calls[j][key{nr: c.Nr}]; found != nil {
		return found, a.Bits(), act(m.fallback)
	}
	return &call{}, a.Bits(), act(m.fallback)
}

// evaluate is the model's answer.
func (m *model) evaluate(c *seccomp.Call) seccomp.Action {
	if m.reading&ownOrder != 0 && m.reading&skipped != 0 {
		return m.plain.Evaluate(c)
	}
	rules, bits, answer := m.find(c)
	args := visible(c)
	switch {
	case rules.all != nil:
		return rules.all.action
	case m.reading&ownOrder == 0:
		if e := rules.tree.decide(&args); e != nil {
			return e.action
		}
		return answer
	}
	for _, e := range rules.entries(bits) {
		if e.matches(&args) {
			return e.action
		}
	}
	return answer
}

// visible are the arguments as the ABI passes them.
func visible(c *seccomp.Call) [6]uint64 {
	args := c.Args
	if a, ok := arch.Of(c.Audit, c.Nr); ok && a.Bits() == 32 {
		for i := range args {
			args[i] &= 0xffffffff
		}
	}
	return args
}

// possible are the actions of all rules that match a call, whatever their order.
func (m *model) possible(c *seccomp.Call) (list []seccomp.Action) {
	rules, bits, answer := m.find(c)
	args := visible(c)
	for _, e := range rules.entries(bits) {
		if e.matches(&args) {
			list = append(list, e.action)
		}
	}
	if len(list) == 0 {
		list = append(list, answer)
	}
	return list
}
