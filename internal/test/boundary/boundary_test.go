// SPDX-License-Identifier: Apache-2.0

package boundary

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// allowing allows one call under conditions.
func allowing(args ...seccomp.Arg) *seccomp.Policy {
	return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), Rules: []seccomp.Rule{
		{Syscalls: []string{"read"}, Args: args, Action: seccomp.Allow},
	}}
}

// TestCallsFindMutants: for a policy with any operator and constant, some call tells it
// from a policy with a slip: a constant that is one off in either half, another operator,
// another argument, a mask with one bit more or less, a comparison of 32 bits alone.
func TestCallsFindMutants(t *testing.T) {
	ops := []seccomp.Op{seccomp.EQ, seccomp.NE, seccomp.LT, seccomp.LE, seccomp.GT, seccomp.GE, seccomp.MaskedEQ}
	for _, op := range ops {
		for _, value := range []uint64{2, 0x100000002, 0x7fffffff80000000} {
			a := seccomp.Arg{Index: 1, Op: op, Value: value}
			if op == seccomp.MaskedEQ {
				a.Mask = value | 0x2010000
			}
			p := allowing(a, seccomp.Arg{Index: 4, Op: seccomp.GE, Value: 9})
			for i, wrong := range mutants(a, ops) {
				q := allowing(wrong, p.Rules[0].Args[1])
				assert.True(t, told(p, q), "%v against mutant %d: %v", a, i, wrong)
			}
		}
	}
}

// mutants are a condition with one thing wrong.
func mutants(a seccomp.Arg, ops []seccomp.Op) []seccomp.Arg {
	var list []seccomp.Arg
	add := func(change func(*seccomp.Arg)) {
		b := a
		change(&b)
		list = append(list, b)
	}
	for _, op := range ops[:6] {
		if op != a.Op && a.Op != seccomp.MaskedEQ {
			add(func(b *seccomp.Arg) { b.Op = op })
		}
	}
	add(func(b *seccomp.Arg) { b.Index = 2 })
	for _, step := range []uint64{1, 1 << 32} {
		if a.Op != seccomp.MaskedEQ {
			add(func(b *seccomp.Arg) { b.Value -= step })
			add(func(b *seccomp.Arg) { b.Value += step })
		}
	}
	if a.Op == seccomp.MaskedEQ {
		for bit := uint64(1); bit != 0; bit <<= 1 {
			if a.Value&bit == 0 {
				add(func(b *seccomp.Arg) { b.Mask ^= bit })
			}
		}
	}
	return list
}

// told says whether some call of p's tells the two apart.
func told(p, q *seccomp.Policy) bool {
	for c := range Calls(p) {
		if p.Evaluate(c) != q.Evaluate(c) {
			return true
		}
	}
	return false
}

func TestMeets(t *testing.T) {
	for _, op := range []seccomp.Op{seccomp.EQ, seccomp.NE, seccomp.LT, seccomp.LE, seccomp.GT, seccomp.GE, seccomp.MaskedEQ} {
		a := seccomp.Arg{Op: op, Value: 0x100000004, Mask: 0xf0000000f}
		c := &seccomp.Call{Audit: arch.X86_64.Audit(), Args: [6]uint64{Meets(a)}}
		assert.Equal(t, seccomp.Allow, allowing(a).Evaluate(c), "%v", op)
	}
}

// TestCallsAreTheSame: two runs give equal calls, and a loop may end early.
func TestCallsAreTheSame(t *testing.T) {
	p := allowing(seccomp.Arg{Index: 0, Op: seccomp.LT, Value: 7})
	collect := func() (list []seccomp.Call) {
		for c := range Calls(p, Uniform(3, 5)...) {
			list = append(list, *c)
		}
		return list
	}
	all := collect()
	require.Equal(t, all, collect())
	for _, nr := range []uint32{0, 1, 3, 4, 5, 0x40000000, 0xffffffff} {
		assert.True(t, slices.ContainsFunc(all, func(c seccomp.Call) bool { return c.Nr == nr }), "%#x", nr)
	}
	seen := 0
	for range Calls(p) {
		if seen++; seen == 3 {
			break
		}
	}
	assert.Equal(t, 3, seen)
}
