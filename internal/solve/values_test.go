// SPDX-License-Identifier: Apache-2.0

package solve

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// TestValuesFind holds the search to trying all values of six bits, the rest of
// the word being as it is.
func TestValuesFind(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	found, none := 0, 0
	for range 50_000 {
		v := Values{high: 63}
		type condition struct {
			arg   seccomp.Arg
			holds bool
		}
		var list []condition
		for range rnd.IntN(5) {
			c := condition{seccomp.Arg{Op: seccomp.EQ + seccomp.Op(rnd.IntN(7)), Value: rnd.Uint64N(66), Mask: rnd.Uint64N(64)}, rnd.IntN(3) > 0}
			list = append(list, c)
			v.Restrict(c.arg, 63, c.holds)
		}
		want, ok := uint64(0), false
		for x := uint64(0); x < 64 && !ok; x++ {
			ok = true
			for _, c := range list {
				ok = ok && holds(c.arg, x) == c.holds
			}
			want = x
		}
		budget := 1 << 20
		got, gotOK := v.Find(&budget)
		require.Equal(t, ok, gotOK, "%+v", list)
		require.Positive(t, budget)
		if !ok {
			none++
			continue
		}
		found++
		for _, c := range list {
			require.Equal(t, c.holds, holds(c.arg, got), "%+v: %d, least %d", list, got, want)
		}
	}
	require.Greater(t, found, 1000)
	require.Greater(t, none, 1000)
}

func holds(a seccomp.Arg, x uint64) bool {
	p := seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Log,
		Rules: []seccomp.Rule{{Numbers: []seccomp.Range{{}}, Args: []seccomp.Arg{a}, Action: seccomp.Allow}}}
	return p.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Args: [6]uint64{x}}) == seccomp.Allow
}

// TestEscape holds the search for what no rule matches to trying all pairs of
// values: those of six bits, and above them one of each pattern of these bits.
func TestEscape(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	var domain []uint64
	for x := range uint64(66) {
		domain = append(domain, x)
	}
	for x := range uint64(64) {
		domain = append(domain, 128+x)
	}
	covered, open := 0, 0
	for range 3000 {
		rules := make([][]seccomp.Arg, 1+rnd.IntN(5))
		for i := range rules {
			for range 1 + rnd.IntN(2) {
				a := seccomp.Arg{Index: rnd.IntN(2), Op: seccomp.EQ + seccomp.Op(rnd.IntN(7)), Value: rnd.Uint64N(4) * 15, Mask: rnd.Uint64N(4)}
				rules[i] = append(rules[i], a)
			}
		}
		want := false
		for _, x := range domain {
			for _, y := range domain {
				want = want || !anyMatches(rules, [6]uint64{x, y})
			}
			if want {
				break
			}
		}
		budget := Steps
		require.Equal(t, want, Escape(rules, arch.X86_64, Any(), &budget), "%+v", rules)
		require.Positive(t, budget)
		if want {
			open++
		} else {
			covered++
		}
	}
	require.Greater(t, open, 500)
	require.Greater(t, covered, 300)
}

// anyMatches says whether a rule matches the arguments.
func anyMatches(rules [][]seccomp.Arg, args [6]uint64) bool {
	return slices.ContainsFunc(rules, func(rule []seccomp.Arg) bool {
		return !slices.ContainsFunc(rule, func(a seccomp.Arg) bool { return !compare(a, args[a.Index]) })
	})
}

func compare(a seccomp.Arg, x uint64) bool {
	switch a.Op {
	case seccomp.EQ:
		return x == a.Value
	case seccomp.NE:
		return x != a.Value
	case seccomp.LT:
		return x < a.Value
	case seccomp.LE:
		return x <= a.Value
	case seccomp.GT:
		return x > a.Value
	case seccomp.GE:
		return x >= a.Value
	}
	return x&a.Mask == a.Value&a.Mask
}

// TestValuesExtremes: the ends of 64 bits.
func TestValuesExtremes(t *testing.T) {
	const top = 1<<64 - 1
	for name, tt := range map[string]struct {
		args []seccomp.Arg
		most uint64
		want uint64
		ok   bool
	}{
		"all":                     {nil, top, 0, true},
		"above the top":           {[]seccomp.Arg{{Op: seccomp.GT, Value: top}}, top, 0, false},
		"below 0":                 {[]seccomp.Arg{{Op: seccomp.LT}}, top, 0, false},
		"the top":                 {[]seccomp.Arg{{Op: seccomp.GT, Value: top - 1}}, top, top, true},
		"not the top":             {[]seccomp.Arg{{Op: seccomp.GT, Value: top - 1}, {Op: seccomp.NE, Value: top}}, top, 0, false},
		"more than 32 bits":       {[]seccomp.Arg{{Op: seccomp.EQ, Value: 1 << 32}}, 1<<32 - 1, 0, false},
		"a bit above 32":          {[]seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1 << 40, Value: 1 << 40}}, 1<<32 - 1, 0, false},
		"a bit above 32 unset":    {[]seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1 << 40}, {Op: seccomp.GE, Value: 7}}, 1<<32 - 1, 7, true},
		"the next with a bit":     {[]seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1, Value: 1}, {Op: seccomp.GE, Value: 4}}, top, 5, true},
		"the next without a bit":  {[]seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 1 << 63}, {Op: seccomp.GE, Value: 1 << 63}}, top, 0, false},
		"carry over a fixed bit":  {[]seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 2}, {Op: seccomp.GE, Value: 6}}, top, 8, true},
		"two masks that disagree": {[]seccomp.Arg{{Op: seccomp.MaskedEQ, Mask: 3, Value: 1}, {Op: seccomp.MaskedEQ, Mask: 2, Value: 2}}, top, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := Values{high: top}
			for _, a := range tt.args {
				v.Restrict(a, tt.most, true)
			}
			budget := 100
			got, ok := v.Find(&budget)
			require.Equal(t, tt.ok, ok)
			if ok {
				require.Equal(t, tt.want, got)
			}
		})
	}
}

// TestNarrowAliases: overlaps are computed for one width per argument. That is
// enough while names that share a number on a 64-bit ABI have the same widths.
func TestNarrowAliases(t *testing.T) {
	numbers := 0
	for _, a := range arch.All() {
		if a.Bits() != 64 {
			continue
		}
		names := map[uint32]string{}
		for nr, name := range a.Calls() {
			numbers++
			if other, ok := names[nr]; ok {
				for i := range 6 {
					x, _ := arch.Width(name, i)
					y, _ := arch.Width(other, i)
					require.Equal(t, x, y, "%s and %s on %v", name, other, a)
				}
			}
			names[nr] = name
		}
	}
	require.Greater(t, numbers, 2000)
}
