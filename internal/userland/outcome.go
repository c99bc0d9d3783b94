// SPDX-License-Identifier: Apache-2.0

package userland

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Outcomes are the rules of a policy that may decide a call, in order: those with
// conditions and, at the end, one without, which is the default if no rule is.
type Outcomes []seccomp.Rule

// OutcomesOf are those of a call on an ABI, nil where the ABI lacks the call or the policy
// the ABI. It ends at the first rule without conditions, as no later rule can decide the
// call. There is always one without conditions at the end.
func OutcomesOf(p *seccomp.Policy, a arch.Arch, name string) Outcomes {
	nr, ok := a.Number(name)
	if !ok || !slices.Contains(p.Arches, a) {
		return nil
	}
	var list Outcomes
	for i := range p.Rules {
		if !p.Rules[i].Names(a, nr) {
			continue
		}
		list = append(list, p.Rules[i])
		if len(p.Rules[i].Args) == 0 {
			return list
		}
	}
	return append(list, seccomp.Rule{Action: p.Default})
}

// policy decides the call with a number as the rules do, by number: looking for it among the
// names of all rules takes far longer than to try the conditions.
func (o Outcomes) policy(abi arch.Arch, nr uint32) *seccomp.Policy {
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.KillProcess} // the last rule has no conditions
	for _, r := range o {
		p.Rules = append(p.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: nr, To: nr}}, Args: r.Args, Action: r.Action})
	}
	return p
}

// Last is what the call gets where no condition holds.
func (o Outcomes) Last() seccomp.Action { return o[len(o)-1].Action }

// Some says whether one of the actions is so. It asks about every rule, whether or not
// arguments exist that lead to it: an answer of yes may be about a rule that never matches.
func (o Outcomes) Some(is func(seccomp.Action) bool) bool {
	return slices.ContainsFunc(o, func(r seccomp.Rule) bool { return is(r.Action) })
}

// Denied says whether no arguments let the call run, nor hand it to a supervisor or
// tracer.
func (o Outcomes) Denied() bool {
	return len(o) > 0 && !o.Some(func(a seccomp.Action) bool { return !a.Denies() })
}
