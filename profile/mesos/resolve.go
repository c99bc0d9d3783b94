// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// resolve makes the policy that the profile means for a target: its machine, and its
// capability bounding set (Capabilities.Bounding). The agent answers no call with
// ENOSYS and asks for no flags: install the filter with none.
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
	policy, more, err := doc.Resolve(t, append([]profile.Option{profile.ENOSYSOff()}, opts...)...)
	diagnostics := append([]profile.Diagnostic{}, p.warnings...)
	for _, d := range more {
		d.Place = p.restore(d.Place, from)
		d.Message = p.renumber(d.Message, from)
		diagnostics = append(diagnostics, d)
	}
	if refused, ok := err.(*profile.Error); ok {
		refused.Place = p.restore(refused.Place, from)
		refused.Message = p.renumber(refused.Message, from)
	}
	if policy != nil {
		for i := range policy.Rules {
			r := &policy.Rules[i]
			r.Origin = ruleNumber().ReplaceAllStringFunc(r.Origin, func(s string) string {
				place := p.restore(profile.Place{Path: s}, from)
				return fmt.Sprintf("%s:%d:%d", place.File, place.Line, place.Column)
			})
		}
	}
	return policy, diagnostics, err
}

// document is the profile for a capability set as one for Docker without conditions,
// and where each of its rules stands in rules.
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

// ruleNumber is the beginning of a path into a rule.
var ruleNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^syscalls\[(\d+)\]`) })

// mention is a rule's path in a message.
var mention = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bsyscalls\[\d+\]`) })

// renumber makes a message speak of this document's rules.
func (p *machine) renumber(message string, from []int) string {
	return mention().ReplaceAllStringFunc(message, func(s string) string {
		return p.restore(profile.Place{Path: s}, from).Path
	})
}

// restore is the place in this document of one in that which document made.
func (p *machine) restore(place profile.Place, from []int) profile.Place {
	place.File = p.file
	m := ruleNumber().FindStringSubmatch(place.Path)
	if m == nil {
		return place
	}
	i, err := strconv.Atoi(m[1])
	if err != nil || i >= len(from) {
		return place
	}
	r := &p.rules[from[i]]
	return p.place(r.at, fmt.Sprintf("syscalls[%d]%s", r.doc, place.Path[len(m[0]):]))
}
