// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"cmp"
	"errors"
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
	for nr := range numbers {
		p.Rules = append(p.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: nr, To: nr}}, Action: seccomp.Log})
	}
	slices.SortFunc(p.Rules, func(a, b seccomp.Rule) int { return int(a.Numbers[0].From) - int(b.Numbers[0].From) })
	doors := make([]door, 0, len(numbers))
	for nr := range numbers {
		doors = append(doors, door{abi: abi, nr: nr})
	}
	err := proof.AtMost(proof.Of(p), s.only(doors), s.opts...)
	var looser *proof.LooserError
	if errors.As(err, &looser) {
		d := door{abi: abi, nr: looser.Set.Call.Nr, rules: p.Rules}
		return s.simplest(&d, looser.Set.Call), nil
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
			c := s.plainer(baseline, looser.Set.Call)
			d.denied = clean(d.abi, c)
			s.report(d, c)
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// plainer is a call for which the two readings answer as for a call of the prover's, with
// simple arguments.
func (s *search) plainer(read *seccomp.Policy, c seccomp.Call) *seccomp.Call {
	c.IP = 0
	a, b := s.explain(&c).Action.Kind(), read.Evaluate(&c)
	for i, x := range c.Args {
		const high = 1 << 32
		for _, simple := range []uint64{0, x & (high - 1), high, high | x&(high-1)} {
			other := c
			other.Args[i] = simple
			if s.explain(&other).Action.Kind() == a && read.Evaluate(&other) == b {
				c = other
				break
			}
		}
	}
	return &c
}

// clean is the call as the kernel reads it.
func clean(abi arch.Arch, c *seccomp.Call) *seccomp.Call {
	name, _ := abi.Name(c.Nr)
	read := *c
	for i := range read.Args {
		if bits, ok := arch.Width(name, i); ok && bits < 64 {
			read.Args[i] &= 1<<bits - 1
		}
	}
	return &read
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
