// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file refuses a filter before it is installed. install_linux.go installs it.

// ErrNotSupported is what errors wrap where the system is not Linux, or its
// kernel has no seccomp filters or lacks a flag.
var ErrNotSupported = system.ErrNotSupported

// ErrFilter is what errors wrap about a filter that the kernel would refuse
// whatever the caller's privileges: one without programs, with an invalid
// program (which bpf.ErrInvalid tells from the others), or too long as a whole
// (bpf.ErrTooLong). An error of InstallSelf about a filter under which the Go runtime
// cannot live wraps it too.
var ErrFilter = system.ErrFilter

// ErrThread is what errors wrap about a thread of the process that could not take over the
// filter, because it has one that the calling thread lacks. The error names the thread by the
// kernel's id, but for TSyncESRCH, which tells none. No thread was filtered.
var ErrThread = system.ErrThread

// maxChain is the limit of all filters on a thread, in eBPF instructions, of
// which each program costs chainCost beside its own (MAX_INSNS_PER_PATH and
// seccomp_attach_filter, kernel/seccomp.c).
const (
	maxChain  = 1 << 15
	chainCost = 4

	// maxExtended is more than any instruction but the first becomes, prologue
	// included: DIV X becomes 5, and the prologue is 3.
	maxExtended = 8
)

// noListener is the index of the program that gets the listener, where none does.
const noListener = -1

// Check refuses a filter that the kernel would refuse with those flags, whatever the
// caller's privileges, and a stack of which only a part would come into force: one where
// a program denies seccomp(2) to the next. With NewListener it also refuses a filter that
// does not have exactly one program that answers Notify. Install does all this
// before the first program is in force; a launcher that makes the calls itself does it
// first. Errors wrap ErrFilter.
//
// Filters that are on the thread already may leave less room than Check grants, and a
// program that goes by addresses may still deny seccomp(2).
func (f Filter) Check(flags Flags) error {
	if err := f.check(); err != nil {
		return err
	}
	asker := noListener
	if flags&NewListener != 0 {
		var err error
		if asker, err = system.Notifier(f); err != nil {
			return err
		}
		flags &^= NewListener
	}
	return f.checkOrder(flags, asker)
}

// check refuses what the kernel would, before any program is in force. Filters
// that are on the thread already may leave less room than it grants.
func (f Filter) check() error {
	if len(f) == 0 {
		return fmt.Errorf("%w: no programs", ErrFilter)
	}
	chain, most := 0, 0
	for i, p := range f {
		if err := p.Check(); err != nil {
			return fmt.Errorf("%w: program %d of %d: %w", ErrFilter, i+1, len(f), err)
		}
		most += maxExtended*len(p) + chainCost
	}
	if most <= maxChain {
		return nil // as nearly always: counting takes as long as checking
	}
	for i, p := range f {
		n := p.ExtendedLen()
		if chain+n > maxChain {
			return fmt.Errorf("%w: program %d of %d: %w: the kernel counts %d instructions for the filter up to here, and takes %d",
				ErrFilter, i+1, len(f), bpf.ErrTooLong, chain+n, maxChain)
		}
		chain += n + chainCost
	}
	return nil
}

// checkOrder refuses a stack of which a program would keep the next from being
// installed, so a stack is never half installed.
func (f Filter) checkOrder(flags Flags, asker int) error {
	if len(f) < 2 {
		return nil
	}
	native := arch.Native()
	nr, ok := native.Number("seccomp")
	if !ok {
		return nil // not a system that has filters
	}
	const setModeFilter = 1 // SECCOMP_SET_MODE_FILTER, linux/seccomp.h
	for i := 1; i < len(f); i++ {
		own := system.FlagsOf(flags, i, asker)
		c := Call{Audit: native.Audit(), Nr: nr, Args: [6]uint64{setModeFilter, uint64(own)}}
		if a := f[:i].Run(&c); a.Rank() <= Notify.Rank() {
			return fmt.Errorf("%w: program %d of %d: those before it answer its seccomp(2) with %v, want ALLOW", ErrFilter, i+1, len(f), a)
		}
	}
	return nil
}
