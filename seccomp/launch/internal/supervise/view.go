// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// This file finds the rules of a policy that bear on one call, for supervisor.go.

// callNumber is a call without its arguments.
type callNumber struct{ audit, nr uint32 }

// view is what a policy has to say about a number.
type view struct {
	policy seccomp.Policy // with those rules only that name it, and for it alone
	rules  []int          // their indices in the policy
	bits   [6]uint64      // the bits of the arguments that they look at
}

// maxViews is how many are kept. Programs use few numbers, and one that tries them
// all shall not fill the launcher's memory.
const maxViews = 1 << 14

// view is the view of a call's number, made at the first call. Beyond maxViews all are
// forgotten, which costs time and no answer.
func (s *Supervisor) view(c *seccomp.Call) *view {
	at := callNumber{c.Audit, c.Nr}
	if v := s.calls[at]; v != nil {
		return v
	}
	v := newView(s.policy, c)
	if s.calls == nil || len(s.calls) >= maxViews {
		s.calls = map[callNumber]*view{}
	}
	s.calls[at] = v
	return v
}

// newView collects the rules for a number. A call of no ABI has none and gets BadArch.
func newView(p *seccomp.Policy, c *seccomp.Call) *view {
	v := &view{policy: seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch}}
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		return v
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.Names(abi, c.Nr) {
			continue
		}
		v.policy.Rules = append(v.policy.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: c.Nr, To: c.Nr}}, Args: r.Args, Action: r.Action})
		v.rules = append(v.rules, i)
		for _, a := range r.Args {
			bits := ^uint64(0)
			if a.Op == seccomp.MaskedEQ {
				bits = a.Mask
			}
			if a.Narrow || abi.Bits() == 32 {
				bits &= 0xffffffff
			}
			v.bits[a.Index] |= bits
		}
	}
	return v
}

// explain is Policy.Explain.
func (v *view) explain(c *seccomp.Call) seccomp.Decision {
	d := v.policy.Explain(c)
	if d.By == seccomp.ByRule {
		d.Rule = v.rules[d.Rule]
	}
	return d
}

// key is what tells the call apart from others.
func (v *view) key(c *seccomp.Call, d seccomp.Decision) denialKey {
	abi, _ := arch.Of(c.Audit, c.Nr)
	k := denialKey{abi: abi, audit: c.Audit, nr: c.Nr, by: d.By, rule: d.Rule}
	for i, bits := range v.bits {
		k.args[i] = c.Args[i] & bits
	}
	return k
}
