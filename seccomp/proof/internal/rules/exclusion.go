// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// apart says whether two conditions on an argument are seen to exclude each other. It
// may miss some that do (NE, or a mask beside a range): then a rule that never matches
// stays in the policy, which is longer and means the same.
func apart(abi arch.Arch, x, y seccomp.Arg) bool {
	low := abi.Bits() == 32
	if x.Index != y.Index || !low && x.Narrow != y.Narrow || x.Op == seccomp.NE || y.Op == seccomp.NE {
		return false
	}
	most := ^uint64(0)
	if low || x.Narrow {
		most = uint64(maxWord)
	}
	if x.Op != seccomp.MaskedEQ && y.Op != seccomp.MaskedEQ {
		from, to, some := span(x, most)
		first, last, any := span(y, most)
		return some && any && (to < first || last < from)
	}
	m, v, ok := bitsOf(x)
	n, w, both := bitsOf(y)
	return ok && both && m&n&most&(v^w) != 0
}

// span is the values up to most for which EQ or a condition of order holds; some is false
// if there are none.
func span(a seccomp.Arg, most uint64) (from, to uint64, some bool) {
	switch a.Op {
	case seccomp.EQ:
		return a.Value, a.Value, a.Value <= most
	case seccomp.LT:
		return 0, min(a.Value-1, most), a.Value > 0
	case seccomp.LE:
		return 0, min(a.Value, most), true
	case seccomp.GT:
		return a.Value + 1, most, a.Value < most
	}
	return a.Value, most, a.Value <= most // GE
}

// bitsOf is a condition as bits (mask) that must have a value; ok is false if it is
// none of that kind.
func bitsOf(a seccomp.Arg) (mask, value uint64, ok bool) {
	switch a.Op {
	case seccomp.EQ:
		return ^uint64(0), a.Value, true
	case seccomp.MaskedEQ:
		return a.Mask, a.Value & a.Mask, true
	}
	return 0, 0, false
}
