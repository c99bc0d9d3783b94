// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// outcomes are the rules of a policy that may decide a call, in order: those with
// conditions and, at the end, one without, which is the default if no rule is.
type outcomes []seccomp.Rule

// outcomesOf are those of a call on an ABI, nil where the ABI lacks the call.
func outcomesOf(p *seccomp.Policy, a arch.Arch, name string) outcomes {
	nr, ok := a.Number(name)
	if !ok || !slices.Contains(p.Arches, a) {
		return nil
	}
	var list outcomes
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

// last is what the call gets where no condition holds.
func (o outcomes) last() seccomp.Action { return o[len(o)-1].Action }

// some says whether one of the actions is so.
func (o outcomes) some(is func(seccomp.Action) bool) bool {
	return slices.ContainsFunc(o, func(r seccomp.Rule) bool { return is(r.Action) })
}

// denied says whether no arguments let the call run, nor hand it to a supervisor or
// tracer.
func (o outcomes) denied() bool { return len(o) > 0 && !o.some(lets) }
