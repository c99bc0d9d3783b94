// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"cmp"
	"os"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// This file collects calls that were denied and puts them into their order.

// Denied is a call that the policy did not simply allow, and how often it was made:
// launch.Denial, which says what each field means, without the names that the call's ABI has.
type Denied struct {
	Call     seccomp.Call
	Decision seccomp.Decision
	Count    int
	PID      int
	Args     []string
	Signal   os.Signal
}

// Names are the call's ABI and its name, as far as they are known.
func (d *Denied) Names() (arch.Arch, string) { return namesOf(&d.Call) }

func namesOf(c *seccomp.Call) (arch.Arch, string) {
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		return 0, ""
	}
	name, _ := abi.Name(c.Nr)
	return abi, name
}

// denials collects them. Its memory is bounded by MaxDenials entries, whatever the child
// does: it chooses its arguments.
type denials struct {
	entries map[denialKey]*Denied
	omitted int // calls that are not in entries
}

// MaxDenials is how many different ones are kept. A report of more is not read, and what is
// beyond is counted (omitted).
const MaxDenials = 4096

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

// add counts a call, as one more of its kind if there are such. The first of a kind is kept
// whole, with its process and its arguments; of the others only their number.
func (d *denials) add(k denialKey, one Denied) {
	switch entry := d.entries[k]; {
	case entry != nil:
		entry.Count += one.Count
	case len(d.entries) >= MaxDenials:
		d.omitted += one.Count
	default:
		if d.entries == nil {
			d.entries = map[denialKey]*Denied{}
		}
		d.entries[k] = &one
	}
}

// list is a copy of all, in the order of ABI, number, what decided, and arguments.
func (d *denials) list() []Denied {
	keys := make([]denialKey, 0, len(d.entries))
	for k := range d.entries {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, denialKey.compare)
	list := make([]Denied, len(keys))
	for i, k := range keys {
		list[i] = *d.entries[k]
		list[i].Args = slices.Clone(list[i].Args)
	}
	return list
}

// compare gives denials an order that depends on the calls alone, so that two runs of the
// same program are reported alike. What a signal answered comes last: it ended the program.
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
