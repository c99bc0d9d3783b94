// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// auditProfile is a profile that is asked which of its rules a record of a log may come
// from.
type auditProfile struct {
	policy *seccomp.Policy
	change func(seccomp.Call) *grant.Change
	known  map[auditKey]denied // what was found, without command and signal
}

// newAuditProfile resolves the profile for the target of the flags. A log does not say
// the kernel or the capabilities of whoever was denied: --kernel and --cap do.
func newAuditProfile(cmd *cli.Command) (*auditProfile, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	p, policy, err := loadFor(cmd, t)
	if err != nil {
		return nil, err
	}
	options, err := resolveOptions(cmd, t)
	if err != nil {
		return nil, err
	}
	find := func(c seccomp.Call) *grant.Change {
		changes, err := p.Changes(t, c, options...)
		if err != nil {
			return nil // it has been resolved above
		}
		for i := range changes {
			if !changes[i].Conditional { // the log does not say the arguments that c has
				return &changes[i]
			}
		}
		return nil
	}
	return &auditProfile{policy: policy, change: find, known: map[auditKey]denied{}}, nil
}

// about fills in which rule a row may come from, and what would allow the call.
func (p *auditProfile) about(d *denied) {
	key := auditKey{audit: d.Audit, nr: d.Nr, action: d.Action}
	// Finding a change resolves changed documents, which takes longer than all else here.
	// Rows that differ only in command and signal share the answer.
	found, ok := p.known[key]
	if !ok {
		found = *d
		p.find(&found)
		p.known[key] = found
	}
	d.Rule, d.Change = found.Rule, found.Change
}

// find asks the policy about one kind of record. The log has no arguments, so find looks
// for arguments for which the policy decides as the log says (witness), and looks for a
// change for that call. If there are none, the log comes from another profile, and no
// change is named.
func (p *auditProfile) find(d *denied) {
	if !d.ABI.Valid() || !slices.Contains(p.policy.Arches, d.ABI) {
		p.decided(d, []string{"architecture not listed"}, []seccomp.Action{p.policy.BadArch})
	} else {
		names, actions := p.deciders(d)
		p.decided(d, names, actions)
	}
	if c, ok := p.witness(d); ok {
		d.Change = p.change(c)
	}
}

// deciders lists the rules that may decide a call, with their actions, in the order of
// the policy. Rules are tried in order, so the list ends with the first that has no
// conditions or, if there is none, with the default.
func (p *auditProfile) deciders(d *denied) (names []string, actions []seccomp.Action) {
	for _, i := range rulesOf(p.policy, d.ABI, d.Nr) {
		r := &p.policy.Rules[i]
		names, actions = append(names, originText(r.Origin)), append(actions, r.Action)
		if len(r.Args) == 0 {
			return names, actions
		}
	}
	return append(names, "default"), append(actions, p.policy.Default)
}

// decided keeps the deciders whose action is the one in the log: "syscalls[2] or
// default".
func (p *auditProfile) decided(d *denied, names []string, actions []seccomp.Action) {
	var list []string
	for i, name := range names {
		if d.answered(actions[i]) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	if d.Rule = strings.Join(list, " or "); list == nil {
		d.Rule = "none in this profile"
	}
}

// witness looks for a call of the row that the profile decides as the log says. It tries
// arguments at the edges of what rules compare with: the value, its neighbours, a value
// that the mask tells from it, and all ones. It changes one argument at a time, so it can
// miss a rule that looks at several; the row then has no change, and no wrong one.
func (p *auditProfile) witness(d *denied) (seccomp.Call, bool) {
	call := seccomp.Call{Audit: d.Audit, Nr: d.Nr}
	fits := func() bool { return d.answered(p.policy.Evaluate(&call)) }
	if fits() {
		return call, true
	}
	for _, i := range rulesOf(p.policy, d.ABI, d.Nr) {
		for _, a := range p.policy.Rules[i].Args {
			for _, v := range []uint64{a.Value, a.Value + 1, a.Value - 1, a.Value ^ a.Mask, ^uint64(0)} {
				was := call.Args[a.Index]
				call.Args[a.Index] = v
				if fits() {
					return call, true
				}
				call.Args[a.Index] = was
			}
		}
	}
	return call, false
}
