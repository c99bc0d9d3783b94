// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"cmp"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// Most calls look at few values of few arguments. The diagram then falls into few
// regions, and a rule for each reads as a person would write it.

// mostRegions is how many regions of one call are looked at.
const mostRegions = 1024

// regions are rules for a call's answers but one, and no two of them hold together.
// It is false if they are too many.
func (d *decompiler) regions(abi arch.Arch, n symbolic.Node, def seccomp.Action) ([]outcome, bool) {
	var found []finding
	for r := range d.Regions(symbolic.Difference{A: n, B: d.Leaf(uint32(def))}) {
		v, _ := d.LeafValue(r.A)
		f := finding{action: seccomp.Action(v)}
		if found = f.product(found, conditionsOf(abi, r.Where)); len(found) > mostRegions {
			return nil, false
		}
	}
	by := map[seccomp.Action][]values{}
	var actions []seccomp.Action // as found
	for _, f := range found {
		if by[f.action] == nil {
			actions = append(actions, f.action)
		}
		by[f.action] = append(by[f.action], f.values)
	}
	var list []outcome
	for _, a := range actions {
		for _, v := range joined(by[a]) {
			list = append(list, outcome{v.arguments(abi.Bits()), a})
		}
	}
	return list, !d.Full()
}

// conditionsOf are a region's conditions on arguments.
func conditionsOf(abi arch.Arch, where []symbolic.Condition) []Where {
	var words [symbolic.Words][]symbolic.Set
	for _, c := range where {
		words[c.Word] = c.Any
	}
	var conditions []Where
	for index := range 6 {
		h, l := wordsOf(abi, index)
		high, low := words[h], words[l]
		if abi.Bits() == 32 && low != nil {
			high = []symbolic.Set{{Mask: wholeWord}} // which a policy takes for 0
		}
		conditions = append(conditions, join(index, high, low)...)
	}
	return conditions
}

// finding is what a call gets if its arguments are as values say.
type finding struct {
	values values
	action seccomp.Action
}

// values are conditions on arguments, all of which hold; a Mask of 0 is none. An argument
// has a second one, on its lower half, where the first is a range of its upper half.
type values [6][2]Values

// product appends the finding once for every choice of one set from each condition.
func (f finding) product(list []finding, conditions []Where) []finding {
	if len(conditions) == 0 || len(list) > mostRegions {
		return append(list, f)
	}
	for _, s := range conditions[0].Any {
		next := f
		switch v := &next.values[conditions[0].Index]; {
		case v[0].From == v[0].To:
			v[0] = Values{Mask: v[0].Mask | s.Mask, From: v[0].From | s.From, To: v[0].To | s.To}
		default:
			v[1] = s
		}
		list = next.product(list, conditions[1:])
	}
	return list
}

// joined is the same values in fewer sets: where two differ in one argument, and
// its values follow one another, they become one.
func joined(list []values) []values {
	const low = uint64(wholeWord)
	for i := range list {
		for k := range list[i] {
			if v := &list[i][k][0]; v.Mask == low<<32 {
				v.Mask, v.To = ^uint64(0), v.To|low
			}
		}
	}
	for index := 0; index < 6 && len(list) > 1; index++ {
		last := map[values]int{} // by the other arguments: the set with the values seen last
		var next []values
		for _, v := range sorted(list, index) {
			x := v[index][0]
			others := v
			others[index][0] = Values{Mask: x.Mask}
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
func sorted(list []values, index int) []values {
	return slices.SortedStableFunc(slices.Values(list), func(a, b values) int { return cmp.Compare(a[index][0].From, b[index][0].From) })
}

// arguments are the conditions on an ABI of so many bits.
func (v *values) arguments(width int) []seccomp.Arg {
	most := ^uint64(0)
	if width == 32 {
		most = uint64(wholeWord)
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
func (s Values) conditions(index int, most uint64) []seccomp.Arg {
	const low = uint64(wholeWord)
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
