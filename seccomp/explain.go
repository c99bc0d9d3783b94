// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
)

// ErrExplain is what errors wrap about a policy that Cmd.Explain cannot run: one
// that asks a supervisor itself, as the kernel allows one listener for all
// filters of a thread, or one that is not the filter's.
var ErrExplain = errors.New("cannot be explained")

// supervised is a policy of the same decisions, but for those that the kernel
// carries out without a word, ERRNO and LOG: they ask a supervisor, who does the
// same. So does a call that is allowed and asks for a listener, which it
// will not get.
func (p *Policy) supervised() (*Policy, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	s := &Policy{Arches: p.Arches, Default: supervisedAction(p.Default), BadArch: supervisedAction(p.BadArch)}
	if p.Default.Kind() == Notify || p.BadArch.Kind() == Notify {
		return nil, fmt.Errorf("%w: %w: default: it asks a supervisor, and the kernel allows one listener", ErrPolicy, ErrExplain)
	}
	for i := range p.Rules {
		r := p.Rules[i]
		switch r.Action.Kind() {
		case Notify:
			return nil, fmt.Errorf("%w: %w: rule %d%s: it asks a supervisor, and the kernel allows one listener",
				ErrPolicy, ErrExplain, i, r.at())
		case Allow:
			if asks := p.listening(r.Names); len(asks) > 0 {
				s.Rules = append(s.Rules, listenerRule(asks, r.Args))
			}
		}
		r.Action = supervisedAction(r.Action)
		s.Rules = append(s.Rules, r)
	}
	if p.Default == Allow {
		every := func(arch.Arch, uint32) bool { return true }
		if asks := p.listening(every); len(asks) > 0 {
			s.Rules = append(s.Rules, listenerRule(asks, nil))
		}
	}
	return s, nil
}

func supervisedAction(a Action) Action {
	if a.Kind() == errno || a == Log {
		return Notify
	}
	return a
}

// listening is the ABIs of the policy where what names a call names seccomp(2).
func (p *Policy) listening(names func(arch.Arch, uint32) bool) []arch.Arch {
	var list []arch.Arch
	for _, a := range p.Arches {
		if nr, ok := a.Number("seccomp"); ok && names(a, nr) {
			list = append(list, a)
		}
	}
	return list
}

// listenerRule asks about seccomp(SECCOMP_SET_MODE_FILTER) with the flag for a
// listener, which the kernel reads as two unsigned ints (linux/seccomp.h).
func listenerRule(on []arch.Arch, args []Arg) Rule {
	return Rule{
		Arches: on, Syscalls: []string{"seccomp"}, Action: Notify,
		Args: append(slices.Clone(args),
			Arg{Index: 0, Op: EQ, Value: 1, Narrow: true},
			Arg{Index: 1, Op: MaskedEQ, Value: uint64(withListener), Mask: uint64(withListener), Narrow: true}),
	}
}

// supervised is the filter that runs in f's place, which has to be the policy's.
func (f Filter) supervised(p *Policy) (Filter, error) {
	s, err := p.supervised()
	if err != nil {
		return nil, fmt.Errorf("Explain: %w", err)
	}
	if err := f.Prove(p); err != nil {
		return nil, fmt.Errorf("Explain: %w: the filter was not compiled from this policy: %w", ErrExplain, err)
	}
	filter, err := s.Compile(Proved())
	if err != nil {
		return nil, fmt.Errorf("Explain: %w: %w", ErrExplain, err)
	}
	return filter, nil
}
