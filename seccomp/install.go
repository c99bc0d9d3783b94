// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/bpf"
)

// ErrNotSupported is what errors wrap where the system is not Linux, or its
// kernel has no seccomp filters or lacks a flag.
var ErrNotSupported = errors.New("not supported by this kernel")

// ErrFilter is what errors wrap about a filter that the kernel would refuse
// whatever the caller's privileges: one without programs, with an invalid
// program (which bpf.ErrInvalid tells from the others), or too long as a whole
// (bpf.ErrTooLong).
var ErrFilter = errors.New("invalid filter")

// ThreadError says that a thread of the process could not take over the filter,
// because it has one that the calling thread lacks. No thread was filtered.
type ThreadError struct {
	TID int // the kernel's id of the thread; 0 with TSyncESRCH, which names none
}

func (e *ThreadError) Error() string {
	if e == nil {
		return "<nil>"
	}
	if e.TID == 0 {
		return "a thread cannot follow: it has a filter that the calling thread lacks"
	}
	return fmt.Sprintf("thread %d cannot follow: it has a filter that the calling thread lacks", e.TID)
}

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
