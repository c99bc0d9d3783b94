// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
)

// Run is a range of call numbers with one answer.
type Run struct {
	Arch        arch.Arch // 0 if the program has not asked
	From, To    uint32
	First, Last string // the calls with names in it; empty if there are none
	Calls       int    // how many there are
	Above       bool   // no number from From on has a name
}

// noCall is the number of a call that a tracer skips (seccomp(2), SECCOMP_RET_TRACE).
const noCall = "-1"

// String is "read..lseek (0-8)", "mmap (9)" or, without any name, "335-423". Numbers of x32
// are written without its bit, as its tables have them.
func (r Run) String() string {
	numbers := r.numbers()
	switch {
	case r.Calls == 0:
		return numbers
	case r.First == r.Last:
		return r.First + " (" + numbers + ")"
	}
	return r.First + ".." + r.Last + " (" + numbers + ")"
}

// numbers is the range without names.
func (r Run) numbers() string {
	base := uint32(0)
	if r.Arch == arch.X32 {
		base = r.Arch.Base()
	}
	text := fmt.Sprint(r.From - base)
	if r.From >= arch.X32.Base() && base == 0 {
		text = fmt.Sprintf("%#x", r.From)
	}
	switch {
	case r.From == most:
		return noCall
	case r.endless():
		return text + " and above"
	case r.From == r.To:
		return text
	case r.To >= arch.X32.Base() && base == 0:
		return fmt.Sprintf("%s-%#x", text, r.To)
	}
	return fmt.Sprintf("%s-%d", text, r.To-base)
}

// endless says whether the run has all numbers of the ABI from its first on. Whether -1 is
// among them is not looked at: no call has that number.
func (r Run) endless() bool {
	return r.To >= most-1 || r.Arch == arch.X86_64 && r.To == arch.X32.Base()-1
}

// runsOf are the ranges of a set of numbers with their names. Without an ABI there are none.
func runsOf(abi arch.Arch, numbers Set) []Run {
	list := make([]Run, len(numbers))
	for k, n := range numbers {
		list[k] = Run{Arch: abi, From: n.From, To: n.To, Above: abi.Valid()}
	}
	k, last := 0, uint32(0)
	for nr, name := range abi.Calls() {
		for k < len(list) && list[k].To < nr {
			list[k].Above = false
			k++
		}
		if k == len(list) {
			break
		}
		r := &list[k]
		r.Above = r.Above && nr < r.From
		if nr < r.From || r.Calls > 0 && nr == last {
			continue
		}
		if r.Calls == 0 {
			r.First = name
		}
		r.Last, last = name, nr
		r.Calls++
	}
	return list
}
