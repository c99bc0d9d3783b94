// SPDX-License-Identifier: Apache-2.0

package arch

import (
	"iter"
	"sort"
)

// table is the calls of an ABI, or of several that number them alike.
type table struct {
	calls []call        // by number; of one number, the preferred name first
	index [names]uint16 // of each name: place in calls + 1, 0 if the ABI lacks it
}

// call is one name of a number.
type call struct {
	number uint16 // packed, without the ABI's base
	name   uint16 // as in nameEnds
	since  Kernel
}

// Number is the number of a call, the ABI's base included. Every name counts
// that the kernel has or had for the number, also of calls that it has removed:
// their numbers stay reserved.
func (a Arch) Number(name string) (uint32, bool) {
	id, ok := find(name)
	if !ok {
		return 0, false
	}
	abi := a.abi()
	i := abi.calls.index[id]
	if i == 0 {
		return 0, false
	}
	return abi.base + unpack(abi.calls.calls[i-1].number), true
}

// Name is the name of a number. Where a number has several, it is the one in the
// kernel's own table; the others are aliases in its headers. Of these ABIs only
// ARM has such a number: 341 is arm_sync_file_range, and sync_file_range2 too.
func (a Arch) Name(nr uint32) (string, bool) {
	c, ok := a.call(nr)
	if !ok {
		return "", false
	}
	return nameOf(c.name), true
}

// Since is the first kernel that has the number on this ABI. It is 0 for a call
// that is older than filters on the ABI, for one whose first kernel is not known
// to one release (all of those are in 5.8), and for a number without a
// call: ask Name first.
func (a Arch) Since(nr uint32) Kernel {
	c, _ := a.call(nr)
	return c.since
}

// Calls lists every number with every name, by number, the preferred name of a
// number first.
func (a Arch) Calls() iter.Seq2[uint32, string] {
	return func(yield func(uint32, string) bool) {
		abi := a.abi()
		for _, c := range abi.calls.calls {
			if !yield(abi.base+unpack(c.number), nameOf(c.name)) {
				return
			}
		}
	}
}

// Known reports whether some ABI has a call of this name. A call that an ABI
// reaches through a multiplexer alone has a number of its own on another.
func Known(name string) bool {
	_, ok := find(name)
	return ok
}

// call is the first row of a number.
func (a Arch) call(nr uint32) (call, bool) {
	abi := a.abi()
	number, ok := pack(nr - abi.base)
	if !ok {
		return call{}, false
	}
	calls := abi.calls.calls
	i := sort.Search(len(calls), func(i int) bool { return calls[i].number >= number })
	if i == len(calls) || calls[i].number != number {
		return call{}, false
	}
	return calls[i], true
}

// ARM has calls of its own from 0xf0001 on (__ARM_NR_BASE,
// arch/arm/include/uapi/asm/unistd.h). Tables hold those from 0xf001 on.
const (
	private       = 0xf0000
	packedPrivate = 0xf000
)

// pack is a number, without the ABI's base, as tables hold it.
func pack(n uint32) (uint16, bool) {
	switch {
	case n < packedPrivate:
		return uint16(n), true
	case n>>12 == private>>12:
		return uint16(packedPrivate | n&0xfff), true
	}
	return 0, false
}

func unpack(n uint16) uint32 {
	if n < packedPrivate {
		return uint32(n)
	}
	return private | uint32(n&0xfff)
}
