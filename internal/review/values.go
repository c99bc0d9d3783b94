// SPDX-License-Identifier: Apache-2.0

package review

import (
	"cmp"
	"iter"
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
	// hull and none are the other way to say it: all that is in hull and in none of the others.
	// Then intervals and masked are empty, and the values in none are.
	hull proof.MaskedRange
	none []proof.MaskedRange
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
	// A mask of the upper bits asks for an interval.
	prefix := func(r proof.MaskedRange) bool { rest := v.last() &^ r.Mask; return rest&(rest+1) == 0 }
	if slices.ContainsFunc(list, func(r proof.MaskedRange) bool { return !prefix(r) }) {
		if list = merged(slices.Clone(list)); v.complement(list) {
			return v
		}
	}
	for _, r := range list {
		rest := v.last() &^ r.Mask
		switch {
		case prefix(r):
			v.intervals = append(v.intervals, interval{r.From, r.To | rest})
		case r.From == r.To && bits.OnesCount64(rest) <= 2: // a few values
			for x := range subsets(rest) {
				v.intervals = append(v.intervals, interval{r.From | x, r.From | x})
			}
		default:
			v.masked = append(v.masked, r)
		}
	}
	v.join()
	return v
}

// subsets yields the values whose bits are among those of a mask.
func subsets(mask uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		for x := uint64(0); yield(x); {
			if x = (x - mask) & mask; x == 0 {
				return
			}
		}
	}
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

// fewHoles is how many masked values may be missing for a set to be said by them, and mostPieces
// how many a hull is cut into on the way.
const (
	fewHoles   = 4
	mostPieces = 1 << 10
)

// complement says masked values by those that are missing, if these are fewer. Missing are those
// of the hull, which is the bits that all have in common.
func (v *values) complement(list []proof.MaskedRange) bool {
	if len(list) < 2 || len(list) > most {
		return false
	}
	hull := list[0]
	for _, r := range list {
		if r.From != r.To {
			return false
		}
		hull.Mask &= r.Mask &^ (r.From ^ hull.From)
		hull.From &= hull.Mask
	}
	hull.To = hull.From
	pieces := []proof.MaskedRange{hull}
	for _, r := range list {
		var rest []proof.MaskedRange
		for _, p := range pieces {
			rest = append(rest, cut(p, r)...)
		}
		if pieces = rest; len(pieces) > mostPieces {
			return false
		}
	}
	if pieces = merged(pieces); len(pieces) > fewHoles || len(pieces) >= len(list) {
		return false
	}
	v.hull, v.none = hull, pieces
	slices.SortFunc(v.none, func(a, b proof.MaskedRange) int { return cmp.Compare(a.From, b.From) })
	return true
}

// cut takes a masked value from another. What is left has, from the first bit on that only the
// one taken away asks for, all that differ there.
func cut(from, what proof.MaskedRange) []proof.MaskedRange {
	if both := from.Mask & what.Mask; from.From&both != what.From&both {
		return []proof.MaskedRange{from}
	}
	var list []proof.MaskedRange
	// The prover's diagram asks for the upper bits first. So pieces fit what it has cut.
	for rest := what.Mask &^ from.Mask; rest != 0; {
		bit := uint64(1) << (bits.Len64(rest) - 1)
		rest &^= bit
		from.Mask |= bit
		other := from
		other.From |= ^what.From & bit
		other.To = other.From
		list = append(list, other)
		from.From |= what.From & bit
	}
	return list
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
