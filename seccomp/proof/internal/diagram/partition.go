// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
)

// partition makes the intervals. A new one begins wherever an ABI's numbers or a range of
// a rule begin or end. Intervals of ABIs that the policy does not list answer badArch.
func (c *encoder) partition(badArch symbolic.Node) {
	standard := c.Leaf(uint32(Effective(c.policy.Default)))
	bounds := c.bounds()
	c.intervals = make([]interval, len(bounds))
	for i, first := range bounds {
		abi, ok := arch.Of(c.token, first)
		x := interval{first: first, abi: abi, node: badArch}
		if ok && slices.Contains(c.policy.Arches, abi) {
			x.node = standard
		}
		c.intervals[i] = x
		c.slots[first%(1<<slotBits)] = uint16(i)
	}
}

// find is the index of the interval that begins at a number. The table of slots answers
// nearly always; of numbers with the same lowest bits it has the last only.
func (c *encoder) find(first uint32) int {
	if at := int(c.slots[first%(1<<slotBits)]); c.intervals[at].first == first {
		return at
	}
	at, _ := slices.BinarySearchFunc(c.intervals, first, func(x interval, first uint32) int { return cmp.Compare(x.first, first) })
	return at
}

// bounds are the numbers at which intervals begin, in ascending order.
func (c *encoder) bounds() []uint32 {
	// Two ABIs share a token on x86 only; a cut too many does no harm elsewhere.
	bounds := append(make([]uint32, 0, 2*len(c.ranges)+4), 0)
	for i := 0; i < len(c.ranges); {
		abi := c.ranges[i].abi
		w := window{base: abi.Base()}
		for ; i < len(c.ranges) && c.ranges[i].abi == abi; i++ {
			s := &c.ranges[i]
			bounds = w.add(bounds, s.from)
			if s.to != MaxWord {
				bounds = w.add(bounds, s.to+1)
			}
		}
		bounds = w.append(bounds)
	}
	bounds = append(bounds, arch.X32.Base(), MaxWord)
	slices.Sort(bounds)
	return slices.Compact(bounds)
}

// window is a set of numbers near an ABI's base, as bits. Nearly all numbers of rules are
// there, and reading bits in order is cheaper than sorting them.
type window struct {
	base uint32
	bits [32]uint64
}

// add puts a number into the window, or appends it to the list if it is outside.
func (w *window) add(list []uint32, nr uint32) []uint32 {
	at := nr - w.base
	if at >= 64*uint32(len(w.bits)) {
		return append(list, nr)
	}
	w.bits[at/64] |= 1 << (at % 64)
	return list
}

// append appends the window's numbers to the list, in ascending order.
func (w *window) append(list []uint32) []uint32 {
	for i, word := range w.bits {
		for ; word != 0; word &= word - 1 {
			list = append(list, w.base+uint32(64*i+bits.TrailingZeros64(word)))
		}
	}
	return list
}
