// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// Profile is an object of kind SeccompProfile.
type Profile struct {
	// Name is metadata.name.
	Name string
	// Base is spec.baseProfileName: another object's name, or an OCI artifact's
	// ("oci://ghcr.io/...").
	Base string
	// Disabled says that the operator does not install the profile.
	Disabled bool
	// Seccomp is what the operator writes for the container runtime, in the oci
	// dialect; without the base's rules unless the profile was united with it. Its
	// Warnings are Parse's.
	Seccomp *profile.Profile

	doc    *manifest
	spec   item
	rules  []origin // where each rule of Seccomp comes from
	united bool
}

// origin is a rule of an object, and which of its names are left; nil for all.
// Places in messages are found through it after rules of several objects were united.
type origin struct {
	p     *Profile
	index int
	names []int
}

// Resolve makes the policy that the profile means for a target, as
// profile.Profile.Resolve does. A profile with a base that it was not united with is
// an error.
func (p *Profile) Resolve(t profile.Target, opts ...profile.Option) (*seccomp.Policy, []profile.Diagnostic, error) {
	if p == nil || p.Seccomp == nil {
		return nil, nil, fmt.Errorf("%w: it is nil", profile.ErrProfile)
	}
	if p.Base != "" && !p.united {
		err := p.wrong(base, "the base profile %q is not given: with it the profile has more rules", clip(p.Base))
		return nil, append(slices.Clip(p.Seccomp.Warnings), err.Diagnostic), err
	}
	return p.Seccomp.Resolve(t, opts...)
}

// changes returns changes to the object that make it allow the call, see grant.Changes. A
// profile with a base that it was not united with has none: the base may allow the call.
func (p *Profile) changes(t profile.Target, c seccomp.Call, opts ...profile.Option) ([]grant.Change, error) {
	if _, _, err := p.Resolve(t, opts...); err != nil {
		return nil, err
	}
	return grant.Changes(p.Seccomp, t, c, opts...)
}

// wrong is an error at the name of the base profile.
func (p *Profile) wrong(code profile.Code, format string, args ...any) *profile.Error {
	return document.Fail(profile.ErrProfile, code, p.at("spec.baseProfileName"), format, args...)
}

// at is the place of a path in the object, "spec.syscalls[3]".
func (p *Profile) at(path string) profile.Place {
	rest, ok := strings.CutPrefix(path, "spec")
	if p.doc == nil || !ok {
		return profile.Place{Path: path}
	}
	return p.doc.place(p.doc.find(p.spec, strings.TrimPrefix(rest, ".")), path)
}

// locate is the place of a path in Seccomp, "syscalls[3].names[0]". The rule may come from a
// base profile, and then the place is in that object.
func (p *Profile) locate(path string) profile.Place {
	var i int
	if n, _ := fmt.Sscanf(path, "syscalls[%d]", &i); n == 1 && i >= 0 && i < len(p.rules) {
		from := p.rules[i]
		_, rest, _ := strings.Cut(path, "]")
		var j int
		if n, _ := fmt.Sscanf(rest, ".names[%d]", &j); n == 1 && j >= 0 && j < len(from.names) {
			rest = fmt.Sprintf(".names[%d]", from.names[j])
		}
		return from.p.at(fmt.Sprintf("spec.syscalls[%d]%s", from.index, rest))
	}
	return p.at(strings.TrimSuffix("spec."+path, "."))
}
