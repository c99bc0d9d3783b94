// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
)

// Expand reads the rules of a policy that a program made as Resolve reads those of a
// document: as a set, as callers of libseccomp add them, and not as a list of which the
// first decides. Each rule may have ABIs of its own, names and numbers.
//
//   - For one call a rule without conditions decides alone, wherever it stands; of several
//     such rules the first does. Two rules with conditions that overlap are an error, or
//     ranked (RestrictOverlaps).
//   - A call that socketcall or ipc can make gets a rule there too.
//   - A rule with the default's action keeps ENOSYS and those rules from its calls.
//   - Calls above all that the rules speak of get ENOSYS, unless ENOSYSOff or ENOSYSKnown
//     says otherwise.
//
// A rule's conditions must all hold, so AndRepeated changes nothing. A number is the call
// that the ABI has there. The result is a policy of the same ABIs, Default and BadArch,
// whose rules are in order; what it was made of stays as it is. Errors wrap
// seccomp.ErrPolicy, and the place of a diagnostic is that of the rule's Origin, or its path,
// such as Rules[3].Syscalls[0].
func Expand(p *seccomp.Policy, opts ...Option) (*seccomp.Policy, []Diagnostic, error) {
	if err := validMade(p); err != nil {
		return nil, nil, err
	}
	r := made(p).resolver(Target{}, opts)
	r.made, r.And = true, true
	r.def, r.arches = p.Default, p.Arches
	r.addMade(p)
	r.findDeciders()
	r.compareOverlaps()
	policy := r.writePolicy()
	policy.BadArch = p.BadArch
	r.countDropped()
	if r.err != nil {
		return nil, r.diags, r.err
	}
	return policy, r.diags, nil
}

// mostNumbers is how many numbers the ranges of all rules may have. Callers have single
// numbers; a range of all would be a rule for each.
const mostNumbers = 1 << 16

// validMade refuses what Validate does, but for unknown names: those are this package's to
// judge.
func validMade(p *seccomp.Policy) error {
	if p == nil {
		return p.Validate()
	}
	known := *p
	known.Rules = slices.Clone(p.Rules)
	numbers := uint64(0)
	for i := range known.Rules {
		r := &known.Rules[i]
		r.Syscalls = slices.DeleteFunc(slices.Clone(r.Syscalls), func(name string) bool { return !arch.Known(name) })
		if len(r.Syscalls) < len(p.Rules[i].Syscalls) {
			r.Numbers = append([]seccomp.Range{{}}, r.Numbers...) // it is not without calls
		}
		for _, n := range p.Rules[i].Numbers {
			numbers += uint64(max(n.From, n.To)-n.From) + 1
		}
		if numbers > mostNumbers {
			return fmt.Errorf("%s: %w: more than %d numbers in the ranges up to here", wording.Rule(i, p.Rules[i].Origin.String()), seccomp.ErrPolicy, mostNumbers)
		}
	}
	return known.Validate()
}

// made is a profile whose rules have the places of a policy's, for diagnostics.
func made(p *seccomp.Policy) *Profile {
	m := &Profile{Syscalls: make([]Rule, len(p.Rules))}
	for i := range p.Rules {
		m.Syscalls[i].Names = p.Rules[i].Syscalls
	}
	m.Locate(func(path string) Place {
		key, i, rest := cutIndex(path)
		if key != "syscalls" || i >= len(p.Rules) {
			return Place{}
		}
		if o := p.Rules[i].Origin; o.Line > 0 || o.Path != "" {
			return Place{File: o.File, Line: o.Line, Column: o.Column, Path: o.Path}
		}
		path = fmt.Sprintf("Rules[%d]", i)
		if names, ok := strings.CutPrefix(rest, "names"); ok {
			path += ".Syscalls" + names
		}
		return Place{Path: path}
	})
	return m
}

// addMade makes parts of a policy's rules: one of the names, and one of each ABI's
// numbers.
func (r *resolver) addMade(p *seccomp.Policy) {
	for i := range p.Rules {
		rule := &p.Rules[i]
		part := resolution.Part{Doc: i, Action: rule.Action, Default: rule.Action == p.Default}
		for a, abi := range r.arches {
			if len(rule.Arches) == 0 || slices.Contains(rule.Arches, abi) {
				part.Arches |= 1 << a
			}
		}
		if len(rule.Syscalls) > 0 {
			names := part
			names.Names = slices.Clone(rule.Syscalls)
			r.addWith(names, slices.Clone(rule.Args))
		}
		if len(rule.Numbers) == 0 {
			continue
		}
		for a, abi := range r.arches {
			if part.Arches&(1<<a) == 0 {
				continue
			}
			here := part
			here.Arches = 1 << a
			r.addNumbers(here, rule, abi)
		}
	}
}

// addNumbers makes a part of the numbers that an ABI has calls for, by name, and one
// of the others.
func (r *resolver) addNumbers(part resolution.Part, rule *seccomp.Rule, abi arch.Arch) {
	named := part
	for _, n := range rule.Numbers {
		for nr := uint64(n.From); nr <= uint64(n.To); nr++ {
			if name, ok := abi.Name(uint32(nr)); ok {
				named.Names = append(named.Names, name)
			} else {
				part.Numbers = append(part.Numbers, uint32(nr))
			}
		}
	}
	if len(named.Names) > 0 {
		r.addWith(named, slices.Clone(rule.Args))
	}
	if len(part.Numbers) > 0 {
		r.addWith(part, slices.Clone(rule.Args))
	}
}
