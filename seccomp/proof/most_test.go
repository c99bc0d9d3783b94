// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// order is the kernel's, the most restrictive first, written out once more: the actions of
// include/uapi/linux/seccomp.h as they stand there, "ordered from least permissive".
var order = []uint32{0x80000000, 0x00000000, 0x00030000, 0x00050000, 0x7fc00000, 0x7ff00000, 0x7ffc0000, 0x7fff0000}

// place is where an action stands in a list. What is none kills the process.
func place(order []uint32, a seccomp.Action) int {
	if at := slices.Index(order, uint32(a)&0xffff0000); at >= 0 {
		return at
	}
	return slices.Index(order, 0x80000000)
}

// sides are the same answer to every call said as a policy, a filter, and stacks.
func sides(a seccomp.Action) map[string]proof.Side {
	one := bpf.Program{{Op: bpf.OpRetK, K: uint32(a)}}
	return map[string]proof.Side{
		"policy":           proof.Of(&seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: a, BadArch: a}),
		"filter":           proof.Of(seccomp.Filter{one}),
		"stack":            proof.Of(seccomp.Filter{one, {{Op: bpf.OpRetK, K: uint32(seccomp.Allow)}}}),
		"computed answers": proof.Of(seccomp.Filter{{{Op: bpf.OpLdImm, K: uint32(a)}, {Op: bpf.OpRetA}}}),
	}
}

// TestAtMostOrder asks for every pair of actions in every form. An order that is reversed,
// or in which two actions have changed places, is told from the verdicts.
func TestAtMostOrder(t *testing.T) {
	require.Len(t, rig.Actions(), len(order), "an action that the order does not know")
	verdicts := map[[2]seccomp.Action]bool{}
	for _, a := range rig.Actions() {
		for _, b := range rig.Actions() {
			for form, x := range sides(a) {
				for other, baseline := range sides(b) {
					err := proof.AtMost(x, baseline)
					want := place(order, a) <= place(order, b)
					require.Equal(t, want, err == nil, "%v as %s, at most %v as %s: %v", a, form, b, other, err)
					verdicts[[2]seccomp.Action{a, b}] = err == nil
				}
			}
		}
	}
	told := func(order []uint32) bool {
		for pair, verdict := range verdicts {
			if verdict != (place(order, pair[0]) <= place(order, pair[1])) {
				return true
			}
		}
		return false
	}
	require.False(t, told(order))
	reversed := slices.Clone(order)
	slices.Reverse(reversed)
	require.True(t, told(reversed))
	for i := range order {
		for k := range i {
			swapped := slices.Clone(order)
			swapped[i], swapped[k] = swapped[k], swapped[i]
			require.True(t, told(swapped), "%#x and %#x", order[k], order[i])
		}
	}
}

// TestAtMost names what is looser, with both answers.
func TestAtMost(t *testing.T) {
	policy := func(change func(p *seccomp.Policy)) proof.Side {
		p := &seccomp.Policy{
			Arches:  []arch.Arch{arch.X86_64, arch.S390X},
			Default: seccomp.Errno(1),
			Rules: []seccomp.Rule{
				{Syscalls: []string{"read", "write"}, Action: seccomp.Allow},
				{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 8}}, Action: seccomp.Allow},
			},
		}
		change(p)
		return proof.Of(p)
	}
	one := func(p bpf.Program) seccomp.Filter { return seccomp.Filter{p} }
	ret := func(a seccomp.Action) bpf.Program { return bpf.Program{{Op: bpf.OpRetK, K: uint32(a)}} }
	base := policy(func(*seccomp.Policy) {})
	tests := map[string]struct {
		x, baseline proof.Side
		want        []string
	}{
		"itself": {base, base, nil},
		"other data is no looser": {
			policy(func(p *seccomp.Policy) { p.Default = seccomp.Errno(38) }), base, nil,
		},
		"everything closed": {policy(func(p *seccomp.Policy) { p.Rules, p.Default = nil, seccomp.KillProcess }), base, nil},
		"a call more and a call less: the looser one alone": {
			policy(func(p *seccomp.Policy) { p.Rules[0].Syscalls = []string{"read", "close"} }), base,
			[]string{"x86_64 close (3): ALLOW, ERRNO(1)", "s390x close (6): ALLOW, ERRNO(1)"},
		},
		"a condition less": {
			policy(func(p *seccomp.Policy) { p.Rules[1].Args = nil; p.Arches = p.Arches[:1] }), base,
			[]string{"x86_64 personality (135), argument 0 = 0x0..0x7 or = 0x9..0xffffffff: ALLOW, ERRNO(1)", "x86_64 personality (135), argument 0 & 0xffffffff00000000 = 0x100000000..0xffffffff00000000: ALLOW, ERRNO(1)"},
		},
		"a killed ABI that now gets an errno": {
			policy(func(p *seccomp.Policy) { p.Rules = nil }), policy(func(p *seccomp.Policy) { p.Rules, p.Arches = nil, p.Arches[:1] }),
			[]string{"s390x all calls (0..4294967295): ERRNO(1), KILL_THREAD"},
		},
		"no filter at all": {
			proof.Of(seccomp.Filter(nil)), policy(func(p *seccomp.Policy) { p.Rules, p.Arches, p.BadArch = nil, p.Arches[:1], seccomp.Allow }),
			[]string{"x86_64 all calls (0..1073741823, 4294967295): ALLOW, ERRNO(1)"},
		},
		"an unknown action kills the process": {proof.Of(one(ret(0x12340000))), proof.Of(one(ret(seccomp.KillProcess))), nil},
		"and is not as strict as nothing":     {proof.Of(one(ret(0))), proof.Of(one(ret(0x12340000))), []string{"KILL_THREAD, KILL_PROCESS"}},
		"a stack with the baseline in it": {
			proof.Of(seccomp.Filter{ret(seccomp.Allow), ret(seccomp.Trap(1))}), proof.Of(one(ret(seccomp.Trap(2)))), nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for d, err := range proof.Looser(tt.x, tt.baseline) {
				require.NoError(t, err)
				got = append(got, d.String())
			}
			err := proof.AtMost(tt.x, tt.baseline)
			if tt.want == nil {
				require.NoError(t, err)
				require.Empty(t, got)
				return
			}
			var e *proof.LooserError
			require.ErrorAs(t, err, &e)
			require.Greater(t, e.Set.A.Rank(), e.Set.B.Rank())
			require.True(t, e.Set.Contains(&e.Set.Call))
			if len(tt.want) == 1 && len(got) > 1 { // tokens without an ABI, too
				require.Contains(t, got[0], tt.want[0])
				return
			}
			require.Equal(t, tt.want, got)
			require.Equal(t, got[0], e.Set.String())
		})
	}
}

func TestLooserError(t *testing.T) {
	require.EqualError(t, (*proof.LooserError)(nil), "<nil>")
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1)}
	q := &seccomp.Policy{Arches: p.Arches, Default: p.Default, Rules: []seccomp.Rule{{Syscalls: []string{"bpf"}, Action: seccomp.Log}}}
	err := fmt.Errorf("node 3: %w", proof.AtMost(proof.Of(q), proof.Of(p)))
	require.EqualError(t, err, "node 3: x86_64 bpf (321): LOG, looser than the baseline's ERRNO(1)")
	require.NoError(t, proof.AtMost(proof.Of(p), proof.Of(q)))
}

// TestAtMostErrors: whatever keeps the question from an answer is an error, and never a yes.
func TestAtMostErrors(t *testing.T) {
	p := workload(t, "W1-docker")
	good := proof.Of(p)
	require.ErrorIs(t, proof.AtMost(proof.Side{}, good), seccomp.ErrPolicy)
	require.ErrorIs(t, proof.AtMost(good, proof.Of[*seccomp.Policy](nil)), seccomp.ErrPolicy)
	require.ErrorIs(t, proof.AtMost(proof.Of(seccomp.Filter{{}}), good), bpf.ErrInvalid)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	within := seccomp.Within(ctx, seccomp.Limits{})
	require.ErrorIs(t, proof.AtMost(good, proof.Of(workload(t, "W2-allow350")), within), context.Canceled)
	for _, err := range proof.Looser(good, proof.Of(workload(t, "W2-allow350")), within) {
		require.ErrorIs(t, err, context.Canceled)
	}
}

// TestAtMostLimits asks with limits from tiny ones upwards.
func TestAtMostLimits(t *testing.T) {
	p := crowd("masks of 64 bits, one errno", 80, arch.X86_64)
	q := &seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch, Rules: slices.Clone(p.Rules)}
	q.Rules[40].Action = seccomp.KillProcess // q is stricter in one rule
	undecided, decided := 0, 0
	for step := 1; step <= 1<<22; step *= 4 {
		within := seccomp.Within(context.Background(), seccomp.Limits{Steps: step, Memory: 256 * step})
		up, down := proof.AtMost(proof.Of(q), proof.Of(p), within), proof.AtMost(proof.Of(p), proof.Of(q), within)
		if errors.Is(up, proof.ErrUndecided) {
			undecided++
		} else {
			require.NoError(t, up)
			decided++
		}
		if e := (*proof.LooserError)(nil); !errors.As(down, &e) {
			require.ErrorIs(t, down, proof.ErrUndecided)
		}
	}
	require.NotZero(t, undecided)
	require.NotZero(t, decided)
}

// TestAtMostHard: what multiplies is decided where the products cannot matter, or a call
// shows that they do.
func TestAtMostHard(t *testing.T) {
	square := func(a, b seccomp.Action) seccomp.Filter {
		return seccomp.Filter{{
			{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpTax}, {Op: bpf.OpLdAbs, K: 24}, {Op: 0x2c}, // A *= X
			{Op: bpf.OpJeqK, K: 0x12345679, Jf: 1}, {Op: bpf.OpRetK, K: uint32(a)}, {Op: bpf.OpRetK, K: uint32(b)},
		}}
	}
	strict, loose := square(seccomp.Errno(1), seccomp.KillThread), square(seccomp.Allow, seccomp.KillThread)
	small := seccomp.Within(context.Background(), seccomp.Limits{Steps: 1 << 20})
	require.NoError(t, proof.AtMost(proof.Of(strict), proof.Of(loose), small))
	require.NoError(t, proof.AtMost(proof.Of(loose), proof.Of(loose), small))
	kill := seccomp.Filter{{{Op: bpf.OpRetK}}}
	require.NoError(t, proof.AtMost(proof.Of(kill), proof.Of(loose), small))
	switch err, e := proof.AtMost(proof.Of(square(seccomp.KillThread, seccomp.Allow)), proof.Of(kill), small), (*proof.LooserError)(nil); {
	case errors.As(err, &e):
		require.True(t, e.Set.Contains(&e.Set.Call))
		require.Equal(t, seccomp.Allow, e.Set.A)
		require.Contains(t, e.Error(), "argument 0 = ")
	default:
		require.ErrorIs(t, err, proof.ErrUndecided)
	}
}

// TestAtMostRandom holds the verdicts on pairs of policies, some of them near each other, to
// Evaluate at the boundaries of both, and to Diff: what is looser is what differs with a
// higher rank. Each pair is asked as policies and as filters.
func TestAtMostRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	pairs := 250
	if shared.Long() {
		pairs = 1000
	}
	atMost, looser := 0, 0
	for range pairs {
		p, q := pairOf(r)
		err := proof.AtMost(proof.Of(p), proof.Of(q))
		var e *proof.LooserError
		if errors.As(err, &e) {
			looser++
			require.True(t, e.Set.Contains(&e.Set.Call), "%v", e)
			require.Equal(t, e.Set.A, p.Evaluate(&e.Set.Call))
			require.Equal(t, e.Set.B, q.Evaluate(&e.Set.Call))
			require.Greater(t, place(order, e.Set.A), place(order, e.Set.B))
		} else {
			require.NoError(t, err)
			atMost++
		}
		compare(t, p, q, err == nil)
		f, err2 := p.Compile()
		require.NoError(t, err2)
		stack := seccomp.Filter{f[0], {{Op: bpf.OpRetK, K: uint32(seccomp.Allow)}}}
		for _, x := range []proof.Side{proof.Of(f), proof.Of(stack)} {
			require.Equal(t, err == nil, proof.AtMost(x, proof.Of(q)) == nil, "%s\n%s", rig.Describe(p), rig.Describe(q))
		}
	}
	t.Logf("%d at most, %d looser", atMost, looser)
	require.Greater(t, atMost, 50)
	require.Greater(t, looser, 50)
}

// pairOf is two random policies. Half of the time the second is the first with a rule
// changed, and a third of the time the first is an intersection with the second.
func pairOf(r *rand.Rand) (p, q *seccomp.Policy) {
	seed := rig.RandomSeed(r, 8+r.IntN(100))
	p, q = rig.PolicyFrom(seed), rig.PolicyFrom(rig.RandomSeed(r, 8+r.IntN(100)))
	if r.IntN(2) == 0 {
		q = rig.PolicyFrom(seed)
		if len(q.Rules) > 0 {
			q.Rules[r.IntN(len(q.Rules))].Action = rig.SomeActions[r.IntN(len(rig.SomeActions))]
		}
	}
	if r.IntN(3) == 0 {
		if both, err := proof.Intersect(p, q); err == nil {
			p = both
		}
	}
	return p, q
}

// compare holds a verdict to both policies at the boundaries of each, and the sets of
// Looser to those of Diff.
func compare(t *testing.T, p, q *seccomp.Policy, atMost bool) {
	var all, looser []proof.Difference
	for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
		require.NoError(t, err)
		if all = append(all, d); len(all) == 2000 {
			break
		}
	}
	for d, err := range proof.Looser(proof.Of(p), proof.Of(q)) {
		require.NoError(t, err)
		require.Greater(t, place(order, d.A), place(order, d.B))
		if looser = append(looser, d); len(looser) == 2000 {
			break
		}
	}
	within := func(list []proof.Difference, c *seccomp.Call) bool {
		return slices.ContainsFunc(list, func(d proof.Difference) bool { return d.Contains(c) })
	}
	require.Equal(t, atMost, len(looser) == 0)
	n := 0
	for _, side := range []*seccomp.Policy{p, q} {
		for c := range boundary.Calls(side) {
			if n++; n%11 != 0 {
				continue
			}
			a, b := p.Evaluate(c), q.Evaluate(c)
			is := place(order, a) > place(order, b)
			if is && atMost || len(looser) < 2000 && within(looser, c) != is {
				t.Fatalf("%s\n%s\n%+v: %v, %v: looser %v", rig.Describe(p), rig.Describe(q), *c, a, b, is)
			}
			if is && len(all) < 2000 {
				require.True(t, within(all, c))
			}
		}
	}
	for _, d := range all {
		if place(order, d.A) > place(order, d.B) {
			require.False(t, atMost)
			require.True(t, len(looser) == 2000 || within(looser, &d.Call))
		}
	}
}

// TestAtMostFollowsCombine: an intersection is at most each of its parts, and each part at
// most a union.
func TestAtMostFollowsCombine(t *testing.T) {
	r := rand.New(rand.NewPCG(73, 74))
	n := 0
	for range 60 {
		p, q := rig.PolicyFrom(rig.RandomSeed(r, 60)), rig.PolicyFrom(rig.RandomSeed(r, 60))
		both, err := proof.Intersect(p, q)
		either, err2 := proof.Union(p, q)
		if err != nil || err2 != nil {
			continue
		}
		n++
		for _, x := range []*seccomp.Policy{p, q} {
			require.NoError(t, proof.AtMost(proof.Of(both), proof.Of(x)))
			require.NoError(t, proof.AtMost(proof.Of(x), proof.Of(either)))
		}
	}
	require.Greater(t, n, 40)
}

// TestAtMostComputed: answers that are words of the input, too many for a function of values.
func TestAtMostComputed(t *testing.T) {
	word := seccomp.Filter{{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpRetA}}}
	strict := func(at, answer seccomp.Action) seccomp.Filter {
		return seccomp.Filter{{
			{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpJeqK, K: uint32(at), Jf: 1}, {Op: bpf.OpLdImm, K: uint32(answer)}, {Op: bpf.OpRetA},
		}}
	}
	for i, a := range rig.Actions() {
		for k, b := range rig.Actions() {
			changed := strict(a, b)
			require.Equal(t, k <= i, proof.AtMost(proof.Of(changed), proof.Of(word)) == nil, "%v for %v", b, a)
			err := proof.AtMost(proof.Of(word), proof.Of(changed))
			require.Equal(t, i <= k, err == nil, "%v for %v", b, a)
			if e := (*proof.LooserError)(nil); errors.As(err, &e) {
				require.Equal(t, []seccomp.Action{a, b}, []seccomp.Action{e.Set.A, e.Set.B})
			}
		}
	}
}
