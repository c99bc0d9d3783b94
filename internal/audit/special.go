// SPDX-License-Identifier: Apache-2.0

package audit

import (
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
	err := proof.AtMost(proof.Of(p), s.Side, s.opts...)
	var looser *proof.LooserError
	if errors.As(err, &looser) {
		d := door{abi: abi, nr: looser.Set.Call.Nr, rules: p.Rules}
		return s.simplest(&d, looser.Set.Call), nil
	}
	return nil, err
}

// dirty reports the calls that get through although they are denied with another high half, of
// which the kernel takes no notice: first those that run, then those that a supervisor is asked
// about.
//
// The baseline is the subject itself, with every condition on what the kernel reads of the
// argument; a filter is decompiled first.
func (s *search) dirty() error {
	p, err := s.rules(s.opts)
	if err != nil {
		return err
	}
	read := asRead(p)
	if err := s.differing(read, func(a seccomp.Action) seccomp.Action {
		if a.Runs() {
			return seccomp.Allow
		}
		return seccomp.Trace(0)
	}); err != nil {
		return err
	}
	return s.differing(read, func(a seccomp.Action) seccomp.Action {
		if a.Denies() {
			return seccomp.Errno(0)
		}
		return seccomp.Allow
	})
}

// differing reports the calls, one for each number, that get a less restrictive answer than
// from a policy with coarser actions.
func (s *search) differing(p *seccomp.Policy, coarse func(seccomp.Action) seccomp.Action) error {
	read := &seccomp.Policy{Arches: p.Arches, Default: coarse(p.Default), BadArch: coarse(p.BadArch)}
	for _, f := range s.found {
		read.Rules = append(read.Rules, allowing(f.ABI, f.Call.Nr))
	}
	for _, r := range p.Rules {
		r.Action = coarse(r.Action)
		read.Rules = append(read.Rules, r)
	}
	for {
		err := proof.AtMost(s.Side, proof.Of(read), s.opts...)
		var looser *proof.LooserError
		if !errors.As(err, &looser) {
			return err
		}
		c := looser.Set.Call
		abi, _ := arch.Of(c.Audit, c.Nr)
		if slices.Contains(s.machine, abi) {
			c = *s.plainer(read, c)
			s.report(&door{abi: abi, denied: clean(abi, &c)}, &c)
		}
		read.Rules = slices.Insert(read.Rules, 0, allowing(abi, c.Nr))
	}
}

// allowing is a rule that allows a number.
func allowing(abi arch.Arch, nr uint32) seccomp.Rule {
	return seccomp.Rule{Arches: []arch.Arch{abi}, Numbers: []seccomp.Range{{From: nr, To: nr}}, Action: seccomp.Allow}
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

// asRead is a policy with conditions on what the kernel reads of each argument.
func asRead(p *seccomp.Policy) *seccomp.Policy {
	read := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch}
	for i := range p.Rules {
		r := &p.Rules[i]
		if len(r.Args) == 0 {
			read.Rules = append(read.Rules, *r)
			continue
		}
		for _, abi := range p.Arches {
			if len(r.Arches) == 0 || slices.Contains(r.Arches, abi) {
				read.Rules = append(read.Rules, readOn(abi, r)...)
			}
		}
	}
	return read
}

// readOn is a rule for one ABI: first the calls with an argument of which the kernel reads less
// than a register, and then, as it stands, for the others. An ABI of 32 bits has none.
func readOn(abi arch.Arch, r *seccomp.Rule) []seccomp.Rule {
	var list []seccomp.Rule
	rest := *r
	rest.Arches = []arch.Arch{abi}
	for nr, name := range abi.Calls() {
		if abi.Bits() != 64 || !r.Names(abi, nr) {
			continue
		}
		args, some := slices.Clone(r.Args), false
		for j := range args {
			if read, ok := solve.AsRead(name, args[j]); ok && read != args[j] {
				args[j], some = read, true
			}
		}
		if some {
			list = append(list, seccomp.Rule{Arches: rest.Arches, Numbers: []seccomp.Range{{From: nr, To: nr}}, Args: args, Action: r.Action})
			rest = without(abi, rest, nr)
		}
	}
	if len(rest.Syscalls)+len(rest.Numbers) > 0 {
		list = append(list, rest)
	}
	return list
}

// without is a rule that no longer names a number.
func without(abi arch.Arch, r seccomp.Rule, nr uint32) seccomp.Rule {
	r.Syscalls = slices.DeleteFunc(slices.Clone(r.Syscalls), func(name string) bool {
		n, ok := abi.Number(name)
		return ok && n == nr
	})
	var ranges []seccomp.Range
	for _, n := range r.Numbers {
		if nr < n.From || n.To < nr {
			ranges = append(ranges, n)
			continue
		}
		if n.From < nr {
			ranges = append(ranges, seccomp.Range{From: n.From, To: nr - 1})
		}
		if nr < n.To {
			ranges = append(ranges, seccomp.Range{From: nr + 1, To: n.To})
		}
	}
	r.Numbers = ranges
	return r
}
