// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// box is a product of sets, one for each argument: a call is in the box if every
// argument is in its set. Mask 0 means that the argument may be anything. The second
// set of an argument is a further condition on its lower half; it is used only if the
// first set is a range of the upper half, because both halves then need one.
type box [6][2]diagram.Masked

// joinAdjacent makes fewer boxes of the same calls. Two boxes become one if they differ
// in one argument only and its ranges are adjacent. Each argument is tried once, in
// order: this need not find the fewest boxes, and the cost is n log n for each.
func joinAdjacent(list []box) []box {
	const low = uint64(diagram.MaxWord)
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
			others[index][0] = diagram.Masked{Mask: x.Mask}
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

// sortedBy is the list ordered by the lowest value of one argument. The order is stable
// so that equal inputs give equal rules.
func sortedBy(list []box, index int) []box {
	return slices.SortedStableFunc(slices.Values(list), func(a, b box) int { return cmp.Compare(a[index][0].From, b[index][0].From) })
}

// arguments are the conditions of a rule that matches the box, on an ABI whose arguments
// have width bits (32 or 64).
func (v *box) arguments(width int) []seccomp.Arg {
	most := ^uint64(0)
	if width == 32 {
		most = uint64(diagram.MaxWord)
	}
	var args []seccomp.Arg
	for i, both := range v {
		for _, s := range both {
			if width == 32 && s.From == s.To && s.Mask != ^uint64(0) {
				s.Mask &= most
			}
			args = append(args, argsOf(s, i, most)...)
		}
	}
	return args
}

// argsOf are the conditions of a rule that hold if the argument is in the set. most is the
// largest value that the argument can have on the ABI.
//
// A policy can compare whole arguments, lower halves (Narrow) and masked bits. So the
// result is EQ for a value, MaskedEQ for a pattern, GE and LE for a range, and for a
// range of the lower half beside a pattern of the upper one both.
func argsOf(s diagram.Masked, index int, most uint64) []seccomp.Arg {
	const low = uint64(diagram.MaxWord)
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
