// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/seccomp"
)

// values are conditions on arguments, all of which hold; a Mask of 0 is none. An argument
// has a second one, on its lower half, where the first is a range of its upper half.
type box [6][2]MaskedRange

// joined is the same values in fewer sets: where two differ in one argument, and
// its values follow one another, they become one.
func joinAdjacent(list []box) []box {
	const low = uint64(maxWord)
	for i := range list {
		for k := range list[i] {
			if v := &list[i][k][0]; v.Mask == low<<32 {
				v.Mask, v.To = ^uint64(0), v.To|low
			}
		}
	}
	for index := 0; index < 6 && len(list) > 1; index++ {
		last := map[box]int{} // by the other arguments: the set with the values seen last
		var next []box
		for _, v := range sortedBy(list, index) {
			x := v[index][0]
			others := v
			others[index][0] = MaskedRange{Mask: x.Mask}
			at, ok := last[others]
			if ok && x.Mask == ^uint64(0) && next[at][index][0].To+1 == x.From {
				next[at][index][0].To = x.To
				continue
			}
			last[others] = len(next)
			next = append(next, v)
		}
		list = next
	}
	return list
}

// sorted is the list by the values of one argument.
func sortedBy(list []box, index int) []box {
	return slices.SortedStableFunc(slices.Values(list), func(a, b box) int { return cmp.Compare(a[index][0].From, b[index][0].From) })
}

// arguments are the conditions on an ABI of so many bits.
func (v *box) arguments(width int) []seccomp.Arg {
	most := ^uint64(0)
	if width == 32 {
		most = uint64(maxWord)
	}
	var args []seccomp.Arg
	for i, both := range v {
		for _, s := range both {
			if width == 32 && s.From == s.To && s.Mask != ^uint64(0) {
				s.Mask &= most
			}
			args = append(args, s.conditions(i, most)...)
		}
	}
	return args
}

// conditions are those that hold for an argument in the set; most is the largest
// value that the argument can have.
func (s MaskedRange) conditions(index int, most uint64) []seccomp.Arg {
	const low = uint64(maxWord)
	switch {
	case s.Mask == 0:
		return nil
	case s.From == s.To && s.Mask == ^uint64(0):
		return []seccomp.Arg{{Index: index, Op: seccomp.EQ, Value: s.From}}
	case s.From == s.To:
		return []seccomp.Arg{{Index: index, Op: seccomp.MaskedEQ, Value: s.From, Mask: s.Mask}}
	}
	switch s.Mask {
	case ^uint64(0):
		return spanning(index, s.From, s.To, most, false)
	case low:
		return spanning(index, s.From, s.To, low, true)
	case low << 32:
		return spanning(index, s.From, s.To|low, ^uint64(0), false)
	}
	// Some bits of the upper half and a range of the lower.
	return append([]seccomp.Arg{{Index: index, Op: seccomp.MaskedEQ, Value: s.From &^ low, Mask: s.Mask &^ low}},
		spanning(index, s.From&low, s.To&low, low, true)...)
}
