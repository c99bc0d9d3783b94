// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// resolve makes the policy that the profile means for a target; see Profile.Resolve. The
// profile was read for one machine, and another is an error of the caller.
//
// The diagnostics are the warnings and then those of the target. Errors are
// profile.Resolve's: it refuses rules of which libseccomp would pick one by an order
// of its own, unless profile.RestrictOverlaps is given.
func (p *machine) resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if p == nil {
		return nil, nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	if t.Arch != p.native {
		return nil, p.warnings, fmt.Errorf("%w: the profile was read for %v, not %v", profile.ErrTarget, p.native, t.Arch)
	}
	doc, from := p.document(t.Caps)
	doc.Locate(func(path string) profile.Place { return p.located(path, from) })
	policy, more, err := doc.Resolve(t, append([]profile.Option{profile.ENOSYSOff}, opts...)...)
	return policy, append(slices.Clip(p.warnings), more...), err
}

// document is the profile for a capability set as one for Docker without conditions,
// and where each of its rules stands in rules.
//
// Resolving goes through package profile for one meaning of rules in the whole family. The
// ENOSYS mode is off: an agent adds no such answers.
func (p *machine) document(bounding []string) (*profile.Profile, []int) {
	d := &profile.Profile{DefaultAction: prefix + actionWords[p.action]}
	for _, e := range p.arches {
		d.Architectures = append(d.Architectures, prefix+archWords[e.word])
	}
	var from []int
	for i := range p.rules {
		r := &p.rules[i]
		if !r.applies(bounding) {
			continue
		}
		out := profile.Rule{Names: r.names, Action: prefix + actionWords[r.action]}
		for _, c := range r.args {
			out.Args = append(out.Args, profile.Arg{Index: c.index, Op: prefix + operatorWords[c.op], Value: c.value, ValueTwo: c.valueTwo})
		}
		d.Syscalls = append(d.Syscalls, out)
		from = append(from, i)
	}
	return d, from
}

// located returns the place in this document of a path in the profile that document made.
// That profile has fewer rules, so the index in the path is another: from has, for each of
// its rules, the index in p.rules. A path outside of the rules has no line here.
func (p *machine) located(path string, from []int) profile.Place {
	rest, ok := strings.CutPrefix(path, "syscalls[")
	index, rest, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(index)
	if !ok || err != nil || i >= len(from) {
		return profile.Place{File: p.text.File, Path: path}
	}
	r := &p.rules[from[i]]
	return p.place(r.at, fmt.Sprintf("syscalls[%d]%s", r.doc, rest))
}
