// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// edges are values where a condition on one of them may change.
func edges() (list []uint64) {
	for _, v := range []uint64{0, 1, 5, 0xff, 1<<31 - 1, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 | 5, 5 << 32, 1 << 63, 1<<64 - 1} {
		list = append(list, v-1, v, v+1)
	}
	return list
}

// operators are all kinds of conditions on argument 2 with that value.
func operators(value uint64) (list []seccomp.Arg) {
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

// TestConditions holds the diagram of each condition to Policy.Evaluate, in both byte
// orders and widths, at all edges.
func TestConditions(t *testing.T) {
	for _, abi := range []arch.Arch{arch.X86_64, arch.X86, arch.S390X} {
		nr, ok := abi.Number("ioctl")
		require.True(t, ok)
		for _, value := range edges() {
			for _, arg := range operators(value) {
				p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Errno(1),
					Rules: []seccomp.Rule{{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{arg}, Action: seccomp.Allow}}}
				if p.Validate() != nil {
					continue // a value that an ABI or a mask cannot have
				}
				g := symbolic.New(symbolic.LittleEndian(), symbolic.Limits{})
				c := encoder{Graph: g}
				n := c.matches(abi, &p.Rules[0])
				for _, x := range edges() {
					call := &seccomp.Call{Audit: abi.Audit(), Nr: nr, Args: [6]uint64{2: x}}
					data := symbolic.Data(call.Data())
					got, _ := g.Follow(n, &data)
					require.Equal(t, p.Evaluate(call) == seccomp.Allow, got == 1, "%v: %+v of %#x", abi, arg, x)
				}
			}
		}
	}
}
