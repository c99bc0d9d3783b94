// SPDX-License-Identifier: Apache-2.0

package review

import (
	"cmp"
	"math/big"
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/seccomp/proof"
)

// Values of one field of a call are a union of intervals and of masked values. The prover's
// sets are disjoint and follow its diagram, which asks bit by bit and half by half: "some
// flag is set" comes as one masked value for each flag, and "more than 45" as a range of the
// low half and one of the high half. Here they become what a person would have written.

const (
	low32 = 1<<32 - 1
	all64 = 1<<64 - 1
)

// values is a set of values of a field of so many bits (the universe).
type values struct {
	bits      int        // 64, or 32 where the high half is no part of the question
	intervals []interval // sorted, none touches the next
	masked    []proof.MaskedRange
	// none is a masked value, and the set is all that does not have it. Then the others are
	// empty.
	none *proof.MaskedRange
}

type interval struct{ from, to uint64 }

// valuesOf makes a set of ranges. narrow says that the field is 32 bits wide; a filter may
// look at its other half all the same.
func valuesOf(list []proof.MaskedRange, narrow bool) values {
	v := values{bits: 32}
	for _, r := range list {
		if r.Mask&^low32 != 0 || !narrow && r.Mask != low32 {
			v.bits = 64
		}
	}
	universe := v.last()
	for _, r := range list {
		// A mask of the upper bits asks for an interval.
		rest := universe &^ r.Mask
		if rest&(rest+1) == 0 {
			v.intervals = append(v.intervals, interval{r.From, r.To | rest})
			continue
		}
		v.masked = append(v.masked, r)
	}
	v.join()
	v.masked = merged(v.masked)
	v.complement()
	return v
}

// last is the largest value of the field.
func (v *values) last() uint64 {
	if v.bits == 32 {
		return low32
	}
	return all64
}

// whole says whether the set has every value.
func (v *values) whole() bool {
	return len(v.intervals) == 1 && v.intervals[0] == interval{0, v.last()}
}

// join sorts the intervals and makes one of those that touch.
func (v *values) join() {
	slices.SortFunc(v.intervals, func(a, b interval) int { return cmp.Compare(a.from, b.from) })
	var list []interval
	for _, i := range v.intervals {
		if n := len(list) - 1; n >= 0 && (list[n].to == all64 || i.from <= list[n].to+1) {
			list[n].to = max(list[n].to, i.to)
			continue
		}
		list = append(list, i)
	}
	v.intervals = list
}

// most is how many masked values are put together. More are left as they are.
const most = 512

// merged joins masked values that differ in one bit of their mask.
func merged(list []proof.MaskedRange) []proof.MaskedRange {
	if len(list) > most {
		return list
	}
	for again := true; again; {
		again = false
		for i := range list {
			for j := i + 1; j < len(list); j++ {
				a, b := list[i], list[j]
				x := a.From ^ b.From
				if a.Mask == b.Mask && a.From == a.To && b.From == b.To && bits.OnesCount64(x) == 1 {
					list[i] = proof.MaskedRange{Mask: a.Mask &^ x, From: a.From &^ x, To: a.From &^ x}
					list = slices.Delete(list, j, j+1)
					again = true
					j--
				}
			}
		}
	}
	return list
}

// complement finds the one masked value that is missing, if there is one. The masked
// values are disjoint, so counting is enough: they have all values of the bits that they
// look at but one.
func (v *values) complement() {
	if len(v.masked) < 2 || len(v.masked) > most || len(v.intervals) > 0 {
		return
	}
	mask := uint64(0)
	for _, r := range v.masked {
		if r.From != r.To {
			return
		}
		mask |= r.Mask
	}
	// count is how many values of the mask's bits are in the set, and ones how many of them
	// have a bit set.
	width := bits.OnesCount64(mask)
	power := func(n int) *big.Int { return new(big.Int).Lsh(big.NewInt(1), uint(n)) }
	count := new(big.Int)
	for _, r := range v.masked {
		count.Add(count, power(width-bits.OnesCount64(r.Mask)))
	}
	if count.Add(count, big.NewInt(1)).Cmp(power(width)) != 0 {
		return
	}
	missing := uint64(0)
	for rest := mask; rest != 0; rest &= rest - 1 {
		bit := rest & -rest
		ones := new(big.Int)
		for _, r := range v.masked {
			free := width - bits.OnesCount64(r.Mask)
			switch {
			case r.Mask&bit == 0:
				ones.Add(ones, power(free-1))
			case r.From&bit != 0:
				ones.Add(ones, power(free))
			}
		}
		if ones.Cmp(power(width-1)) < 0 {
			missing |= bit
		}
	}
	v.none = &proof.MaskedRange{Mask: mask, From: missing, To: missing}
	v.masked = nil
}

// contains says whether a value is in the set.
func (v *values) contains(x uint64) bool {
	has := func(r proof.MaskedRange) bool { return r.From <= x&r.Mask && x&r.Mask <= r.To }
	if v.none != nil {
		return !has(*v.none)
	}
	y := x & v.last()
	return slices.ContainsFunc(v.masked, has) ||
		slices.ContainsFunc(v.intervals, func(i interval) bool { return i.from <= y && y <= i.to })
}

// without are the intervals of all other values, if there are intervals alone.
func (v *values) without() []interval {
	last := v.last()
	var list []interval
	next := uint64(0)
	for _, i := range v.intervals {
		if i.from > next {
			list = append(list, interval{next, i.from - 1})
		}
		if i.to >= last {
			return list
		}
		next = i.to + 1
	}
	return append(list, interval{next, last})
}
