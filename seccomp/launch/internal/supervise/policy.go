// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// This file makes the policy and the filter that run in place of the child's own where the
// launcher answers for it (launch.Cmd.Supervise).

// ErrSupervise is what errors wrap about a policy that cannot be supervised: one that asks a supervisor itself, as the kernel allows one listener for all
// filters of a thread, or one that is not the filter's.
var ErrSupervise = errors.New("cannot be supervised")

// Filter is the filter that runs in f's place, which has to be the policy's.
func Filter(f seccomp.Filter, p *seccomp.Policy) (seccomp.Filter, error) {
	s, err := supervisedPolicy(p)
	if err != nil {
		return nil, fmt.Errorf("Cmd.Supervise: %w", err)
	}
	if err := proof.Prove(f, p); err != nil {
		return nil, fmt.Errorf("Cmd.Supervise: %w: the filter was not compiled from this policy: %w", ErrSupervise, err)
	}
	filter, err := proof.Compile(s)
	if err != nil {
		return nil, fmt.Errorf("Cmd.Supervise: %w: %w", ErrSupervise, err)
	}
	return filter, nil
}

// supervisedPolicy is a policy of the same decisions, but for those that the kernel
// carries out without a word, ERRNO and LOG: they ask a supervisor, who does the
// same. So does a call that is allowed and asks for a listener: the kernel allows one for all
// filters of a thread, and would answer EBUSY to a child that could have had one without
// supervision. The rule for it stands before the rule that allows, since the first decides.
func supervisedPolicy(p *seccomp.Policy) (*seccomp.Policy, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	s := &seccomp.Policy{Arches: p.Arches, Default: supervisedAction(p.Default), BadArch: supervisedAction(p.BadArch)}
	if p.Default.Kind() == seccomp.Notify || p.BadArch.Kind() == seccomp.Notify {
		return nil, fmt.Errorf("%w: %w: default: it asks a supervisor, and the kernel allows one listener", seccomp.ErrPolicy, ErrSupervise)
	}
	for i := range p.Rules {
		r := p.Rules[i]
		switch r.Action.Kind() {
		case seccomp.Notify:
			return nil, fmt.Errorf("%w: %w: %s: it asks a supervisor, and the kernel allows one listener",
				seccomp.ErrPolicy, ErrSupervise, wording.Rule(i, r.Origin.String()))
		case seccomp.Allow:
			if asks := listening(p, r.Names); len(asks) > 0 {
				s.Rules = append(s.Rules, listenerRule(asks, r.Args))
			}
		}
		r.Action = supervisedAction(r.Action)
		s.Rules = append(s.Rules, r)
	}
	if p.Default == seccomp.Allow {
		every := func(arch.Arch, uint32) bool { return true }
		if asks := listening(p, every); len(asks) > 0 {
			s.Rules = append(s.Rules, listenerRule(asks, nil))
		}
	}
	return s, nil
}

// supervisedAction is the action in the child's filter. ALLOW, TRAP, TRACE and the two that
// kill stay as they are: nobody but the kernel can carry them out.
func supervisedAction(a seccomp.Action) seccomp.Action {
	if a.Kind() == seccomp.Errno(0) || a == seccomp.Log {
		return seccomp.Notify
	}
	return a
}

// listening is the ABIs of the policy where what names a call names seccomp(2). A rule may
// name it by its number, which differs from ABI to ABI.
func listening(p *seccomp.Policy, names func(arch.Arch, uint32) bool) []arch.Arch {
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
func listenerRule(on []arch.Arch, args []seccomp.Arg) seccomp.Rule {
	return seccomp.Rule{
		Arches: on, Syscalls: []string{"seccomp"}, Action: seccomp.Notify,
		Args: append(slices.Clone(args),
			seccomp.Arg{Index: 0, Op: seccomp.EQ, Value: 1, Narrow: true},
			seccomp.Arg{Index: 1, Op: seccomp.MaskedEQ, Value: uint64(seccomp.NewListener), Mask: uint64(seccomp.NewListener), Narrow: true}),
	}
}
