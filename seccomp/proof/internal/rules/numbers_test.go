// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"slices"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestNumbersOf: a number is an ABI's if and only if arch.Of says so.
func TestNumbersOf(t *testing.T) {
	for _, abi := range arch.All() {
		for _, nr := range []uint32{0, 1, 1<<30 - 1, 1 << 30, 1<<30 + 1, 1 << 31, maxWord - 1, maxWord} {
			got, ok := arch.Of(abi.Audit(), nr)
			require.True(t, ok)
			in := len(Common(NumbersOf(abi), seccomp.Range{From: nr, To: nr})) == 1
			require.Equal(t, got == abi, in, "%v, %d", abi, nr)
		}
	}
}

// TestNameRule: the names and ranges of a rule are the numbers that it was made for.
func TestNameRule(t *testing.T) {
	for _, abi := range arch.All() {
		for _, want := range [][]seccomp.Range{{{From: 0, To: maxWord}}, {{From: 3, To: 3}}, {{From: abi.Base(), To: abi.Base() + 40}, {From: abi.Base() + 5000, To: abi.Base() + 5001}}} {
			var r seccomp.Rule
			NameRule(&r, abi, want)
			got := ruleNumbers(&r, abi)
			slices.SortFunc(got, func(a, b seccomp.Range) int { return int(int64(a.From) - int64(b.From)) })
			var whole []seccomp.Range
			for _, n := range got {
				if k := len(whole); k > 0 && whole[k-1].To+1 == n.From {
					whole[k-1].To = n.To
				} else {
					whole = append(whole, n)
				}
			}
			require.Equal(t, want, whole, "%v", abi)
		}
	}
}

func TestDivide(t *testing.T) {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Rules: []seccomp.Rule{
		{Syscalls: []string{"close"}}, {Numbers: []seccomp.Range{{From: 10, To: 20}, {From: 15, To: maxWord}}},
		{Syscalls: []string{"mmap"}, Arches: []arch.Arch{arch.X86}},
	}}
	starts := func(segments []segment) (list []uint32) {
		for _, s := range segments {
			list = append(list, s.numbers.From)
		}
		return list
	}
	require.Equal(t, []uint32{0, 3, 4, 10, 15, 21, maxWord}, starts(divide(p, arch.X86_64, NumbersOf(arch.X86_64))))
	require.Equal(t, []uint32{0}, starts(divide(p, arch.S390X, NumbersOf(arch.S390X))), "an ABI that is not listed")
}
