// SPDX-License-Identifier: Apache-2.0

package oci

import (
	"fmt"
	"math"
	"slices"

	specs "github.com/opencontainers/runtime-spec/specs-go"

	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/internal/flat"
	"github.com/gosieve/sieve/profile"
)

// From is the profile that a runtime reads, in the oci dialect. Nothing of it is
// lost, and it shares no memory with what it came from.
//
// Nil, with which a runtime runs the container without a filter, is an error; so is
// what profile.Parse refuses: no default action, unknown words, numbers out of range.
// The error is a *profile.Error that wraps profile.ErrProfile; its place is a path in
// the object, "syscalls[3].args[0].op".
func From(s *specs.LinuxSeccomp) (*profile.Profile, error) {
	if s == nil {
		return nil, wrong("no-seccomp", "", "no seccomp profile: the container would run without a filter")
	}
	p := &profile.Profile{
		Dialect:       profile.OCI,
		DefaultAction: string(s.DefaultAction),
		Architectures: words[string](s.Architectures), Flags: words[string](s.Flags),
		ListenerPath: s.ListenerPath, ListenerMetadata: s.ListenerMetadata,
	}
	var err error
	if p.DefaultErrnoRet, err = number(s.DefaultErrnoRet, func() string { return "defaultErrnoRet" }); err != nil {
		return nil, err
	}
	if s.Syscalls != nil {
		p.Syscalls = make([]profile.Rule, 0, len(s.Syscalls))
	}
	for i := range s.Syscalls {
		r, err := fromRule(&s.Syscalls[i], i)
		if err != nil {
			return nil, err
		}
		p.Syscalls = append(p.Syscalls, r)
	}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	return p, nil
}

// fromRule is a rule of the runtime's as a profile has it. uint has 64 bits on most machines,
// so numbers that only it holds are refused here, and all else by Validate. A list of
// conditions that is empty and one that is absent stay what they are.
func fromRule(s *specs.LinuxSyscall, i int) (profile.Rule, error) {
	r := profile.Rule{Names: slices.Clone(s.Names), Action: string(s.Action)}
	var err error
	if r.ErrnoRet, err = number(s.ErrnoRet, func() string { return fmt.Sprintf("syscalls[%d].errnoRet", i) }); err != nil {
		return r, err
	}
	if s.Args != nil {
		r.Args = make([]profile.Arg, 0, len(s.Args))
	}
	for j, a := range s.Args {
		if uint64(a.Index) > math.MaxUint32 {
			return r, wrong("arg-index", fmt.Sprintf("syscalls[%d].args[%d].index", i, j), "a call has no argument %d, want 0 to 5", a.Index)
		}
		r.Args = append(r.Args, profile.Arg{Index: uint32(a.Index), Op: string(a.Op), Value: a.Value, ValueTwo: a.ValueTwo})
	}
	return r, nil
}

// number is an errno or a tracer's number. What only 64 bits hold is too large for
// any action. The path is made for an error alone.
func number(n *uint, path func() string) (*uint32, error) {
	if n == nil {
		return nil, nil
	}
	if uint64(*n) > math.MaxUint32 {
		return nil, wrong("errno-range", path(), "%d is too large, want 0 to %d", *n, math.MaxUint16)
	}
	small := uint32(*n)
	return &small, nil
}

// words are words of another type, nil for nil.
func words[To, From ~string](list []From) []To {
	if list == nil {
		return nil
	}
	out := make([]To, len(list))
	for i, w := range list {
		out[i] = To(w)
	}
	return out
}

func wrong(code profile.Code, path, format string, args ...any) error {
	return document.Fail(profile.ErrProfile, code, profile.Place{Path: path}, format, args...)
}

// To gives a profile to a runtime. From makes the same profile of it again, but for places,
// warnings and comments: the type has no fields for those. An empty list of flags, which asks
// for no flags, stays one in memory, but its JSON loses it: a runtime that reads that JSON
// asks for SPEC_ALLOW.
//
// A profile of another dialect may say what the type cannot: archMap, includes,
// excludes, and errnos by name. The error is then a *profile.UnsayableError that names
// each; For decides them for a target. What profile.Parse refuses is an error that
// wraps profile.ErrProfile.
func To(p *profile.Profile) (*specs.LinuxSeccomp, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if reasons := flat.Not(p); len(reasons) > 0 {
		return nil, &profile.UnsayableError{Dialect: profile.OCI, Reasons: reasons}
	}
	s := &specs.LinuxSeccomp{
		DefaultAction: specs.LinuxSeccompAction(p.DefaultAction), DefaultErrnoRet: wide(p.DefaultErrnoRet),
		Architectures: words[specs.Arch](p.Architectures), Flags: words[specs.LinuxSeccompFlag](p.Flags),
		ListenerPath: p.ListenerPath, ListenerMetadata: p.ListenerMetadata,
	}
	if p.Syscalls != nil {
		s.Syscalls = make([]specs.LinuxSyscall, 0, len(p.Syscalls))
	}
	for i := range p.Syscalls {
		s.Syscalls = append(s.Syscalls, toRule(&p.Syscalls[i]))
	}
	return s, nil
}

// For is To for one target: conditions on the target are decided, as
// profile.Flatten does.
func For(p *profile.Profile, t profile.Target) (*specs.LinuxSeccomp, error) {
	flat, err := p.Flatten(t)
	if err != nil {
		return nil, err
	}
	return To(flat)
}

// toRule is a rule as the runtime's type has it. Nothing in it is shared with the profile.
func toRule(r *profile.Rule) specs.LinuxSyscall {
	s := specs.LinuxSyscall{Names: slices.Clone(r.Names), Action: specs.LinuxSeccompAction(r.Action), ErrnoRet: wide(r.ErrnoRet)}
	if r.Args != nil {
		s.Args = make([]specs.LinuxSeccompArg, 0, len(r.Args))
	}
	for _, a := range r.Args {
		s.Args = append(s.Args, specs.LinuxSeccompArg{Index: uint(a.Index), Op: specs.LinuxSeccompOperator(a.Op), Value: a.Value, ValueTwo: a.ValueTwo})
	}
	return s
}

// wide is a number in the runtime's type; nil, for no number, stays nil.
func wide(n *uint32) *uint {
	if n == nil {
		return nil
	}
	w := uint(*n)
	return &w
}
