// SPDX-License-Identifier: Apache-2.0

package boundary

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Edges are values of an argument at which a condition on one of them may change.
func Edges() (list []uint64) {
	for _, v := range []uint64{0, 1, 5, 0xff, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 | 5, 5 << 32, 1 << 63, 1<<64 - 1} {
		list = append(list, v-1, v, v+1)
	}
	return list
}

// Conditions are all kinds of conditions on argument 2 with that value.
func Conditions(value uint64) (list []seccomp.Arg) {
	for _, narrow := range []bool{false, true} {
		for _, op := range []seccomp.Op{seccomp.EQ, seccomp.NE, seccomp.LT, seccomp.LE, seccomp.GT, seccomp.GE} {
			list = append(list, seccomp.Arg{Index: 2, Op: op, Value: value, Narrow: narrow})
		}
		for _, mask := range []uint64{0, 5, 0xff << 28, 1<<64 - 1} {
			list = append(list, seccomp.Arg{Index: 2, Op: seccomp.MaskedEQ, Value: value, Mask: mask, Narrow: narrow})
		}
	}
	return list
}

// Hold says whether Policy.Evaluate finds that conditions hold for a value of argument 2 on
// x86_64.
func Hold(args []seccomp.Arg, value uint64) bool {
	p := seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{
		{Numbers: []seccomp.Range{{From: 0, To: 0}}, Args: args, Action: seccomp.Allow}}}
	return p.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Args: [6]uint64{2: value}}) == seccomp.Allow
}
