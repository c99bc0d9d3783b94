// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"cmp"
	"os"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// This file collects denials and puts them into their order.

// Denial is a call that a policy did not simply allow, and how often it was made.
// Calls count as the same if they came through the same ABI, the same part of the
// policy decided, and they differ in nothing that its rules for that call look
// at. All else is of the first of them.
type Denial struct {
	Call seccomp.Call
	Arch arch.Arch // 0 for an ABI that is not known
	Name string    // "" for a number without a name
	// Decision is what the policy says about the call. It is Allow only for a
	// call that the supervision made fail: seccomp(2) with NEW_LISTENER gets EBUSY,
	// as the kernel allows one listener for all filters of a thread.
	Decision seccomp.Decision
	Count    int
	PID      int // the thread's id, as the launcher sees it
	// Args are the arguments for people to read, as many as the call takes: flags by
	// name, and paths, which were read while the call waited.
	Args []string

	// Signal is SIGSYS where a filter's signal was seen, by the child's status or
	// by its tracer (Cmd.Trace). From a status nothing else is known: Call and Name
	// are then zero, and Decision's Rule is -1.
	Signal os.Signal
}

// denials collects them.
type denials struct {
	entries map[denialKey]*Denial
	omitted int // calls that are not in entries
}

// maxDenials is how many different ones are kept.
const maxDenials = 4096

// denialKey is what tells denials apart.
type denialKey struct {
	abi    arch.Arch
	audit  uint32
	nr     uint32
	by     seccomp.Decider
	rule   int
	args   [6]uint64 // those bits that rules look at
	signal bool
	pid    int // of a status alone, from which nothing else is known
}

// add counts a call, as one more of its kind if there are such.
func (d *denials) add(k denialKey, one Denial) {
	switch entry := d.entries[k]; {
	case entry != nil:
		entry.Count += one.Count
	case len(d.entries) >= maxDenials:
		d.omitted += one.Count
	default:
		if d.entries == nil {
			d.entries = map[denialKey]*Denial{}
		}
		d.entries[k] = &one
	}
}

// list is a copy of all, in the order of ABI, number, what decided, and arguments.
func (d *denials) list() []Denial {
	keys := make([]denialKey, 0, len(d.entries))
	for k := range d.entries {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, denialKey.compare)
	list := make([]Denial, len(keys))
	for i, k := range keys {
		list[i] = *d.entries[k]
		list[i].Args = slices.Clone(list[i].Args)
	}
	return list
}

func (k denialKey) compare(other denialKey) int {
	signal := func(k denialKey) int {
		if k.signal {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(signal(k), signal(other)),
		cmp.Compare(k.abi, other.abi),
		cmp.Compare(k.audit, other.audit),
		cmp.Compare(k.nr, other.nr),
		cmp.Compare(k.by, other.by),
		cmp.Compare(k.rule, other.rule),
		slices.Compare(k.args[:], other.args[:]),
		cmp.Compare(k.pid, other.pid),
	)
}
