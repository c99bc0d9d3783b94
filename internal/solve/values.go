// SPDX-License-Identifier: Apache-2.0

package solve

import (
	"math/bits"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Values are the values of one argument for which some conditions hold: those
// from low to high whose bits in mask are fixed, but for holes. All comparisons are
// unsigned, so a range and a mask together say what EQ, LT, LE, GT, GE and MASKED_EQ ask; the
// holes are for NE and for what is not MASKED_EQ. The zero Values is the value 0 alone, so
// begin with Any.
type Values struct {
	low, high   uint64
	mask, fixed uint64
	holes       []hole
	none        bool
}

// hole is the values whose bits in mask are fixed. They are left out of the values.
type hole struct{ mask, fixed uint64 }

// Restrict restricts the values to those for which a condition holds on an
// argument of at most most or, if not, those for which it does not.
//
// Constants keep their 64 bits: EQ 1<<40 on a 32-bit argument leaves no value, as low is
// above high then.
func (v *Values) Restrict(a seccomp.Arg, most uint64, holds bool) {
	v.high = min(v.high, most)
	o := a.Op
	if !holds {
		o = Opposite(o)
	}
	switch o {
	case seccomp.EQ:
		v.from(a.Value)
		v.to(a.Value)
	case seccomp.NE:
		v.holes = append(v.holes, hole{Max64, a.Value})
	case seccomp.LT:
		if a.Value == 0 {
			v.none = true
			return
		}
		v.to(a.Value - 1)
	case seccomp.LE:
		v.to(a.Value)
	case seccomp.GT:
		if a.Value == Max64 {
			v.none = true
			return
		}
		v.from(a.Value + 1)
	case seccomp.GE:
		v.from(a.Value)
	case seccomp.MaskedEQ:
		v.bits(a.Mask, a.Value&a.Mask)
	default: // the opposite of MaskedEQ
		v.holes = append(v.holes, hole{a.Mask, a.Value & a.Mask})
	}
}

// Max64 is the largest argument of a 64-bit ABI.
const Max64 = 1<<64 - 1

// Steps is how many steps are made to find arguments.
//
// A search among n NE conditions takes n steps at most. The bound is for holes with masks:
// n of those can divide the values into 2^n parts, which is as hard as satisfiability.
const Steps = 1 << 17

// Opposite is the operator that holds where o does not; 0 for MaskedEQ, whose
// opposite has no name.
func Opposite(o seccomp.Op) seccomp.Op {
	switch o {
	case seccomp.EQ:
		return seccomp.NE
	case seccomp.NE:
		return seccomp.EQ
	case seccomp.LT:
		return seccomp.GE
	case seccomp.LE:
		return seccomp.GT
	case seccomp.GT:
		return seccomp.LE
	case seccomp.GE:
		return seccomp.LT
	}
	return 0
}

func (v *Values) from(x uint64) { v.low = max(v.low, x) }
func (v *Values) to(x uint64)   { v.high = min(v.high, x) }

// bits fixes the bits in mask.
func (v *Values) bits(mask, fixed uint64) {
	if (v.fixed^fixed)&v.mask&mask != 0 {
		v.none = true
	}
	v.mask |= mask
	v.fixed |= fixed
}

// Hull is the least and the largest value that there can be; it takes no notice
// of holes, so neither value need be one. What lies outside of the hull is no value.
func (v *Values) Hull() (low, high uint64, ok bool) {
	low = max(v.low, v.fixed)
	high = min(v.high, v.fixed|^v.mask)
	return low, high, !v.none && low <= high
}

// Find is the least value that there is. Each step costs one of the budget, and
// more where there are many holes; when that is used up, the answer is no and the
// budget below 0.
func (v *Values) Find(budget *int) (uint64, bool) {
	s := *v
	for !s.none {
		if *budget -= 1 + len(s.holes)/16; *budget < 0 {
			return 0, false
		}
		x, ok := s.least()
		if !ok {
			return 0, false
		}
		i := slices.IndexFunc(s.holes, func(h hole) bool { return x&h.mask == h.fixed })
		if i < 0 {
			return x, true
		}
		if h := s.holes[i]; h.mask|s.mask != Max64 {
			return s.around(h, budget)
		}
		if x == s.high {
			return 0, false
		}
		s.low = x + 1 // the hole has no other value with the fixed bits
	}
	return 0, false
}

// around finds a value that differs from a hole in one of its free bits. It tries the bits
// in turn: the first is the other one, or it agrees and the second is the other one, and so
// on. Each value outside of the hole is in exactly one of these parts.
func (v *Values) around(h hole, budget *int) (uint64, bool) {
	s := *v
	for free := h.mask &^ v.mask; free != 0; free &= free - 1 {
		bit := free & -free
		other := s
		other.bits(bit, ^h.fixed&bit)
		if x, ok := other.Find(budget); ok {
			return x, true
		}
		s.bits(bit, h.fixed&bit) // further values agree with the hole here
	}
	return 0, false
}

// least is the least value from low to high with the fixed bits.
//
//	low 0b0101, mask 0b0010 fixed to 0b0010: the least value is 0b0110
func (v *Values) least() (uint64, bool) {
	x := v.low&^v.mask | v.fixed
	if x != v.low {
		top := uint64(1) << (bits.Len64(x^v.low) - 1) // the highest bit that had to change
		if x&top == 0 {
			// It was lowered: a free bit above must be raised instead.
			free := ^v.mask & ^v.low &^ (top - 1)
			if free == 0 {
				return 0, false
			}
			top = free & -free
			x = v.low | top
		}
		x = x&^(top-1)&^v.mask | x&top | v.fixed
	}
	return x, x <= v.high
}

// Arguments are the values of all six.
type Arguments [6]Values

// Any are all values.
func Any() Arguments {
	var args Arguments
	for i := range args {
		args[i].high = Max64
	}
	return args
}

// Restrict restricts the arguments to those for which the conditions hold on the ABI.
func (args *Arguments) Restrict(conditions []seccomp.Arg, abi arch.Arch) {
	for _, c := range conditions {
		args[c.Index].Restrict(c, Most(c, abi), true)
	}
}

// Find is a list of arguments, if there is one. Conditions are on one argument each, so the
// six searches are independent. They share the budget.
func (args *Arguments) Find(budget *int) (list [6]uint64, ok bool) {
	for i := range args {
		if list[i], ok = args[i].Find(budget); !ok {
			return list, false
		}
	}
	return list, true
}

// Escape says whether some arguments hold for none of the rules' conditions. Where
// that takes too many steps the answer is yes.
//
// A rule of one condition only narrows args. Of a rule of several, one condition has to
// fail, and each is tried: hence the budget. Callers take yes as the safe answer.
func Escape(rules [][]seccomp.Arg, abi arch.Arch, args Arguments, budget *int) bool {
	for i, rule := range rules {
		if *budget--; *budget < 0 {
			return true
		}
		if len(rule) == 1 {
			if !args.escape(rule[0], abi) {
				return false
			}
			continue
		}
		for _, c := range rule {
			other := args // the holes behind those of args are the branch's until it ends
			if other.escape(c, abi) && Escape(rules[i+1:], abi, other, budget) {
				return true
			}
		}
		return false
	}
	_, ok := args.Find(budget)
	return ok || *budget < 0
}

// escape restricts the arguments to those for which a condition does not hold.
func (args *Arguments) escape(c seccomp.Arg, abi arch.Arch) bool {
	v := &args[c.Index]
	v.Restrict(c, Most(c, abi), false)
	_, _, ok := v.Hull()
	return ok
}

// Most is the largest value that a condition's argument can have on the ABI.
func Most(a seccomp.Arg, abi arch.Arch) uint64 {
	if a.Narrow || abi.Bits() == 32 {
		return 1<<32 - 1
	}
	return 1<<64 - 1
}

// Repeats says whether two conditions are on the same argument.
func Repeats(args []seccomp.Arg) bool {
	seen := 0
	for _, a := range args {
		if seen&(1<<a.Index) != 0 {
			return true
		}
		seen |= 1 << a.Index
	}
	return false
}
