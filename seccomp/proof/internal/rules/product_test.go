// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestProduct: the first match in the product is what the first matches of both lists
// combine to, for every value at which something changes.
func TestProduct(t *testing.T) {
	arg := func(op seccomp.Op, v uint64) []seccomp.Arg { return []seccomp.Arg{{Index: 2, Op: op, Value: v}} }
	lists := [][]Outcome{
		{{nil, seccomp.Allow}},
		{{arg(seccomp.EQ, 5), seccomp.Allow}, {nil, seccomp.Errno(1)}},
		{{arg(seccomp.GE, 5), seccomp.Log}, {arg(seccomp.LT, 1<<32), seccomp.Trap(2)}, {nil, seccomp.KillThread}},
		{{arg(seccomp.NE, 0xff), seccomp.Errno(9)}, {arg(seccomp.LE, 1<<31), seccomp.Allow}, {nil, seccomp.Errno(9)}},
	}
	first := func(list []Outcome, x uint64) seccomp.Action {
		for _, o := range list {
			if boundary.Hold(o.Args, x) {
				return o.Action
			}
		}
		t.Fatal("no outcome matches")
		return 0
	}
	c := combiner{choose: func(a, b seccomp.Action) seccomp.Action {
		if b.Rank() < a.Rank() {
			return b
		}
		return a
	}}
	for _, a := range lists {
		for _, b := range lists {
			list, err := c.product(arch.X86_64, a, b)
			require.NoError(t, err)
			require.LessOrEqual(t, len(list), len(a)*len(b))
			for _, x := range boundary.Edges() {
				require.Equal(t, c.choose(first(a, x), first(b, x)), first(list, x), "%v and %v at %#x", a, b, x)
			}
		}
	}
	long := make([]Outcome, 300)
	_, err := c.product(arch.X86_64, long, long)
	require.ErrorIs(t, err, symbolic.ErrUndecided)
}

// TestKey: each field of an outcome is in the key, and lists have other keys than their
// parts in another order or cut elsewhere.
func TestKey(t *testing.T) {
	arg := seccomp.Arg{Index: 1, Op: seccomp.MaskedEQ, Value: 5, Mask: 7}
	index, op, value, mask, narrow := arg, arg, arg, arg, arg
	index.Index, op.Op, value.Value, mask.Mask, narrow.Narrow = 2, seccomp.EQ, 4, 15, true
	var lists [][]Outcome
	for _, a := range []seccomp.Arg{arg, index, op, value, mask, narrow} {
		lists = append(lists, []Outcome{{Args: []seccomp.Arg{a}}}, []Outcome{{Args: []seccomp.Arg{a, arg}}})
	}
	one, two := Outcome{Action: seccomp.Errno(1)}, Outcome{Action: seccomp.Errno(2), Args: []seccomp.Arg{arg}}
	lists = append(lists, nil, []Outcome{one}, []Outcome{two}, []Outcome{one, two}, []Outcome{two, one}, []Outcome{one, one})
	seen := map[string]int{}
	for i, list := range lists {
		require.Equal(t, Key(list...), Key(append([]Outcome{}, list...)...))
		require.NotContains(t, seen, Key(list...), "%v", list)
		seen[Key(list...)] = i
	}
}
