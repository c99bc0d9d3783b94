// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Subject is what an audit is of: a policy or a filter.
type Subject struct {
	proof.Side
	policy *seccomp.Policy // nil for a filter
	filter seccomp.Filter
	// meaning is the filter as a policy, once a question has needed that.
	meaning *seccomp.Policy
}

// Of makes a policy or a filter the subject of an audit.
func Of[T *seccomp.Policy | seccomp.Filter](x T) *Subject {
	s := &Subject{Side: proof.Of(x)}
	switch x := any(x).(type) {
	case *seccomp.Policy:
		s.policy = x
	case seccomp.Filter:
		s.filter = x
	}
	return s
}

// explain is the answer to one call, and what decided it. A filter does not say what did.
func (s *Subject) explain(c *seccomp.Call) seccomp.Decision {
	if s.policy != nil {
		return s.policy.Explain(c)
	}
	return seccomp.Decision{Action: s.filter.Run(c), By: seccomp.ByDefault, Rule: -1}
}

// rules are the subject as a policy: itself, or what decompiling the filter finds, which is
// proved to mean the same.
func (s *Subject) rules(opts []seccomp.Option) (*seccomp.Policy, error) {
	if s.policy != nil {
		return s.policy, nil
	}
	if s.meaning == nil {
		p, err := proof.Decompile(s.filter, opts...)
		if err != nil {
			return nil, err
		}
		s.meaning = p
	}
	return s.meaning, nil
}

// only is the subject as far as it decides about the calls of doors: whether rules about others are
// hard to decide is of no interest.
func (s *Subject) only(doors []door) proof.Side {
	if s.policy == nil {
		return s.Side
	}
	return proof.Of(restricted(s.policy, doors))
}

// restricted is a policy without its rules for other calls than those of doors. For these it means the
// same; others get its default.
func restricted(p *seccomp.Policy, doors []door) *seccomp.Policy {
	few := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch}
	for i := range p.Rules {
		for j := range doors {
			d := &doors[j]
			r := p.Rules[i]
			if slices.ContainsFunc(doors[:j], func(e door) bool { return e.abi == d.abi && e.nr == d.nr && e.any == d.any }) {
				continue // another door of the same number
			}
			if d.any && len(r.Arches) > 0 && !slices.Contains(r.Arches, d.abi) || !d.any && !r.Names(d.abi, d.nr) {
				continue
			}
			r.Arches = []arch.Arch{d.abi}
			if !d.any {
				r.Syscalls, r.Numbers = nil, []seccomp.Range{{From: d.nr, To: d.nr}}
			}
			few.Rules = append(few.Rules, r)
		}
	}
	return few
}
