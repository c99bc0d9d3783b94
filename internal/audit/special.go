// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/solve"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// special is a question whose calls depend on the machine or on the profile, by its word in the
// table; nil for any other word. It opens doors, or reports calls by itself.
func special(word string) func(*search) error {
	switch word {
	case "@foreign":
		return (*search).foreign
	case "@multiplexer":
		return (*search).around
	case "@high-half":
		return (*search).dirty
	}
	return nil
}

// foreign opens every number of the ABIs beside the machine's own.
func (s *search) foreign() error {
	for _, abi := range s.machine[1:] {
		s.open = append(s.open, door{abi: abi, any: true, rules: []seccomp.Rule{
			{Arches: []arch.Arch{abi}, Numbers: []seccomp.Range{{From: 0, To: 1<<32 - 1}}}}})
	}
	return nil
}

// around opens the multiplexers, each with the calls that are denied under their own number for
// some arguments. A call that is always allowed, or that has no number of its own, is no way
// around anything.
func (s *search) around() error {
	for _, abi := range s.machine {
		candidates := map[uint32]string{}
		for nr, name := range abi.Calls() {
			if _, _, ok := abi.Multiplexer(name); ok {
				candidates[nr] = name
			}
		}
		for len(candidates) > 0 {
			c, err := s.denied(abi, candidates)
			if err != nil {
				return err
			}
			if c == nil {
				break
			}
			mux, n, _ := abi.Multiplexer(candidates[c.Nr])
			s.open = append(s.open, door{abi: abi, nr: number(abi, mux), rules: []seccomp.Rule{multiplexed(abi, mux, n)}, denied: c})
			delete(candidates, c.Nr)
		}
	}
	return nil
}

// denied is a call with one of the numbers that does not run, nil if all run whatever their
// arguments: then a policy that allows nothing else is no looser than the subject.
func (s *search) denied(abi arch.Arch, numbers map[uint32]string) (*seccomp.Call, error) {
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.KillProcess, BadArch: seccomp.KillProcess}
	var doors []door
	for _, nr := range slices.Sorted(maps.Keys(numbers)) {
		p.Rules = append(p.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: nr, To: nr}}, Action: seccomp.Log})
		doors = append(doors, door{abi: abi, nr: nr})
	}
	err := proof.AtMost(proof.Of(p), s.only(doors), s.opts...)
	var looser *proof.LooserError
	if errors.As(err, &looser) {
		return &looser.Set.Call, nil
	}
	return nil, err
}

// dirty reports the calls that get through although they are denied with another high half, of
// which the kernel takes no notice.
//
// The baseline is the subject itself, with every condition on what the kernel reads of the
// argument; a filter is decompiled first.
func (s *search) dirty() error {
	p, err := s.rules(s.opts)
	if err != nil {
		return err
	}
	var undecided error
	for _, abi := range s.machine {
		if abi.Bits() != 64 {
			continue // no high halves
		}
		for nr, name := range abi.Calls() {
			d := door{abi: abi, nr: nr}
			wide := restricted(p, []door{d})
			if read := asRead(wide, name); read != nil {
				undecided = cmp.Or(undecided, s.differing(&d, wide, read))
			}
		}
	}
	return undecided
}

// differing reports a call that the kernel reads as one that is denied: one that runs if there
// is one, else one that a supervisor is asked about.
func (s *search) differing(d *door, wide, read *seccomp.Policy) error {
	for _, coarse := range []func(seccomp.Action) seccomp.Action{
		func(a seccomp.Action) seccomp.Action {
			if a.Runs() {
				return seccomp.Allow
			}
			return seccomp.Trace(0)
		},
		func(a seccomp.Action) seccomp.Action {
			if a.Denies() {
				return seccomp.Errno(0)
			}
			return seccomp.Allow
		},
	} {
		baseline := &seccomp.Policy{Arches: read.Arches, Default: coarse(read.Default), BadArch: coarse(read.BadArch)}
		for _, r := range read.Rules {
			r.Action = coarse(r.Action)
			baseline.Rules = append(baseline.Rules, r)
		}
		err := proof.AtMost(proof.Of(wide), proof.Of(baseline), s.opts...)
		var looser *proof.LooserError
		if errors.As(err, &looser) {
			d.denied = s.twin(d.abi, &looser.Set.Call)
			s.report(d, &looser.Set.Call)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// twin is a call that the kernel reads as another and that does not run: with nothing in the high
// halves, or with what C puts there for a negative number.
func (s *search) twin(abi arch.Arch, c *seccomp.Call) *seccomp.Call {
	name, _ := abi.Name(c.Nr)
	plain, signed := *c, *c
	for i := range c.Args {
		if bits, ok := arch.Width(name, i); ok && bits < 64 {
			plain.Args[i] = c.Args[i] & (1<<bits - 1)
			signed.Args[i] = uint64(int64(plain.Args[i]<<(64-bits)) >> (64 - bits))
		}
	}
	for _, t := range []*seccomp.Call{&plain, &signed} {
		if !s.explain(t).Action.Runs() {
			return t
		}
	}
	return nil
}

// asRead is a policy for one call with conditions on what the kernel reads of its arguments, nil if it
// has none on more than that.
func asRead(p *seccomp.Policy, name string) *seccomp.Policy {
	read := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch}
	some := false
	for _, r := range p.Rules {
		r.Args = slices.Clone(r.Args)
		for j, arg := range r.Args {
			if narrow, ok := solve.AsRead(name, arg); ok && narrow != arg {
				r.Args[j], some = narrow, true
			}
		}
		read.Rules = append(read.Rules, r)
	}
	if !some {
		return nil
	}
	return read
}
