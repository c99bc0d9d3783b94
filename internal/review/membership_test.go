// SPDX-License-Identifier: Apache-2.0

package review

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Contains says whether a call is one of the change.
func (c *Change) Contains(call *seccomp.Call) bool {
	in := func(list []seccomp.Range, x uint32) bool {
		return slices.ContainsFunc(list, func(r seccomp.Range) bool { return r.From <= x && x <= r.To })
	}
	if abi, _ := arch.Of(call.Audit, call.Nr); abi != c.ABI || abi == 0 && !in(c.Audits, call.Audit) {
		return false
	}
	if !in(c.Numbers, call.Nr) && !slices.ContainsFunc(c.Calls, func(x Call) bool { return x.Number == call.Nr }) {
		return false
	}
	return slices.ContainsFunc(c.Where, func(where []proof.Constraint) bool { return meets(where, call) })
}

// contains says whether a value is in the set.
func (v *values) contains(x uint64) bool {
	has := func(r proof.MaskedRange) bool { return r.From <= x&r.Mask && x&r.Mask <= r.To }
	if v.none != nil {
		return has(v.hull) && !slices.ContainsFunc(v.none, has)
	}
	y := x & v.last()
	return slices.ContainsFunc(v.masked, has) ||
		slices.ContainsFunc(v.intervals, func(i interval) bool { return i.from <= y && y <= i.to })
}
