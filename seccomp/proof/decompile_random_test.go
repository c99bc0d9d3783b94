// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestDecompileRandom goes there and back with random policies over all ABIs, 2,000
// of them if SIEVE_LONG is set. docs/proof.md says how many no policy is found for, which
// is an answer; a policy that is wrong, or that is refused, is not.
func TestDecompileRandom(t *testing.T) {
	count := 100
	if shared.Long() {
		count = 2000
	}
	r := rand.New(rand.NewPCG(41, 42))
	written, found, undecided := 0, 0, 0
	for range count {
		p := randomPolicy(r)
		f, err := p.Compile()
		require.NoError(t, err)
		q, err := proof.Decompile(f)
		if errors.Is(err, proof.ErrUndecided) {
			t.Logf("%d rules: %v", len(p.Rules), err)
			undecided++
			continue
		}
		require.NoError(t, err)
		requireSame(t, f, q)
		require.NoError(t, proof.Prove(f, p))
		written += len(p.Rules)
		found += len(q.Rules)
	}
	t.Logf("%d policies of %d rules: %d rules found; %d undecided", count, written, found, undecided)
	require.LessOrEqual(t, undecided, 1+count/500)
}

// randomPolicy is one for up to four of all ABIs.
func randomPolicy(r *rand.Rand) *seccomp.Policy {
	seed := rig.RandomSeed(r, 8+r.IntN(200))
	p := rig.PolicyFrom(seed)
	order := r.Perm(len(arch.All()))
	for i := range p.Arches {
		p.Arches[i] = arch.All()[order[i]]
	}
	return p
}

// requireSame holds a decompiled policy to its filter: it compiles to an equal one.
func requireSame(t *testing.T, f seccomp.Filter, q *seccomp.Policy) {
	t.Helper()
	require.NoError(t, proof.Prove(f, q))
	back, err := q.Compile()
	require.NoError(t, err)
	require.NoError(t, proof.Prove(back, q))
	for d, err := range proof.Diff(proof.Of(f), proof.Of(back)) {
		require.NoError(t, err)
		t.Fatal(d)
	}
	if len(f) == 1 && len(back) == 1 {
		_, same, err := proof.EqualPrograms(f[0], back[0])
		require.NoError(t, err)
		require.True(t, same)
	}
}

// on makes a policy that allows one call if any of the lists of conditions holds.
func on(lists ...[]seccomp.Arg) *seccomp.Policy {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.S390X, arch.X86}, Default: seccomp.Errno(1)}
	for _, l := range lists {
		p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"kill"}, Args: l, Action: seccomp.Allow})
	}
	return p
}

// TestDecompileHalves has conditions on both halves of an argument, one of which
// is a range.
func TestDecompileHalves(t *testing.T) {
	zero := seccomp.Arg{Index: 1, Op: seccomp.EQ}
	bit := seccomp.Arg{Index: 1, Op: seccomp.MaskedEQ, Value: 16, Mask: 16}
	large := seccomp.Arg{Index: 1, Op: seccomp.GE, Value: 0x100}
	five := seccomp.Arg{Index: 1, Op: seccomp.EQ, Value: 5, Narrow: true}
	tests := map[string]struct {
		policy *seccomp.Policy
		most   int // rules
	}{
		"0, or a bit":                          {on([]seccomp.Arg{zero}, []seccomp.Arg{bit}), 2},
		"a large number with a bit":            {on([]seccomp.Arg{large, {Index: 1, Op: seccomp.MaskedEQ, Value: 1, Mask: 1}}), 3},
		"0, or a lower half":                   {on([]seccomp.Arg{zero}, []seccomp.Arg{five}), 3},
		"a range of each half":                 {on([]seccomp.Arg{{Index: 1, Op: seccomp.GE, Value: 3 << 32}, {Index: 1, Op: seccomp.LT, Value: 9 << 32}, {Index: 1, Op: seccomp.GE, Value: 7, Narrow: true}, {Index: 1, Op: seccomp.LE, Value: 70, Narrow: true}}), 2},
		"a range and bits of the lower half":   {on([]seccomp.Arg{{Index: 1, Op: seccomp.GT, Value: 1 << 40}, bit, {Index: 1, Op: seccomp.NE, Value: 1<<50 + 16}}), 40},
		"the same of two arguments":            {on([]seccomp.Arg{large, bit, {Index: 3, Op: seccomp.GE, Value: 1 << 33}, {Index: 3, Op: seccomp.MaskedEQ, Value: 2, Mask: 6}}), 40},
		"not a number, and not its lower half": {on([]seccomp.Arg{{Index: 1, Op: seccomp.NE, Value: 1 << 32}, {Index: 1, Op: seccomp.NE, Value: 9, Narrow: true}}), 6},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := tt.policy.Compile()
			require.NoError(t, err)
			q, err := proof.Decompile(f)
			require.NoError(t, err)
			requireSame(t, f, q)
			require.LessOrEqual(t, len(q.Rules), tt.most)
		})
	}
}

// TestDecompileOrdered has rules that would be thousands if none might run over
// another: they come out as few as they went in.
func TestDecompileOrdered(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	errnos := on()
	for i := range 60 {
		errnos.Rules = append(errnos.Rules, seccomp.Rule{Syscalls: []string{"kill"}, Action: seccomp.Errno(uint16(i + 2)),
			Args: []seccomp.Arg{{Index: i % 6, Op: seccomp.EQ, Value: uint64(1000 + i)}}})
	}
	masks := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1)}
	for i := range 20 {
		mask := r.Uint64()
		masks.Rules = append(masks.Rules, seccomp.Rule{Syscalls: []string{"kill"}, Action: seccomp.Errno(uint16(i + 2)),
			Args: []seccomp.Arg{{Index: i % 6, Op: seccomp.MaskedEQ, Value: r.Uint64() & mask, Mask: mask}}})
	}
	same := &seccomp.Policy{Arches: masks.Arches, Default: seccomp.Errno(1), Rules: slices.Clone(masks.Rules[:10])}
	for i := range same.Rules {
		same.Rules[i].Args = []seccomp.Arg{same.Rules[i].Args[0]}
		same.Rules[i].Args[0].Index, same.Rules[i].Action = 0, seccomp.Allow
	}
	for name, p := range map[string]*seccomp.Policy{"an errno for each value": errnos, "random masks": masks, "random masks of one argument": same} {
		t.Run(name, func(t *testing.T) {
			f, err := p.Compile()
			require.NoError(t, err)
			q, err := proof.Decompile(f)
			require.NoError(t, err)
			require.NoError(t, proof.Prove(f, q))
			t.Logf("%d rules of %d", len(q.Rules), len(p.Rules))
			require.LessOrEqual(t, len(q.Rules), 3*len(p.Rules))
		})
	}
}

// TestDecompileBound: whatever the limits are, there is an answer within them or one
// that says so.
func TestDecompileBound(t *testing.T) {
	masks := on()
	r := rand.New(rand.NewPCG(3, 4))
	for range 100 {
		mask := r.Uint64()
		masks.Rules = append(masks.Rules, seccomp.Rule{Syscalls: []string{"kill"}, Action: seccomp.Allow, Args: []seccomp.Arg{{Op: seccomp.MaskedEQ, Value: r.Uint64() & mask, Mask: mask}}})
	}
	f, err := masks.Compile()
	require.NoError(t, err)
	for _, steps := range []int{1, 100, 10_000, 100_000, 1_000_000} {
		_, err := proof.Decompile(f, seccomp.Within(t.Context(), seccomp.Limits{Steps: steps}))
		require.ErrorIs(t, err, proof.ErrUndecided, steps)
	}
	_, err = proof.Decompile(f, seccomp.Within(t.Context(), seccomp.Limits{Memory: 1 << 16}))
	require.ErrorIs(t, err, proof.ErrUndecided)
}

// TestDecompileCancelled: wherever the context is done, its error comes back as itself.
func TestDecompileCancelled(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1)}
	for range 10 {
		mask := r.Uint64()
		p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"kill"}, Action: seccomp.Allow, Args: []seccomp.Arg{{Op: seccomp.MaskedEQ, Value: r.Uint64() & mask, Mask: mask}}})
	}
	f, err := p.Compile()
	require.NoError(t, err)
	ended := 0
	for n := 0; ; n++ {
		ctx, cancel := context.WithCancelCause(t.Context())
		_, err := proof.Decompile(f, seccomp.Within(&countdown{ctx, cancel, n}, seccomp.Limits{}))
		if err == nil {
			break
		}
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorIs(t, err, errCountdown)
		require.NotErrorIs(t, err, proof.ErrUndecided)
		ended++
	}
	require.Greater(t, ended, 5)
}

var errCountdown = errors.New("counted down")

// countdown is a context that is done when it was asked so many times.
type countdown struct {
	context.Context
	cancel context.CancelCauseFunc
	left   int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		c.cancel(errCountdown)
	}
	return c.Context.Err()
}

// FuzzDecompile changes an instruction of a filter: what comes back means what that
// filter does.
func FuzzDecompile(f *testing.F) {
	fuzzChanged(f, func(t *testing.T, _ *seccomp.Policy, filter seccomp.Filter) {
		q, err := proof.Decompile(filter, seccomp.Within(t.Context(), seccomp.Limits{Steps: 1 << 20})) // for more inputs
		if errors.Is(err, proof.ErrUndecided) {
			return
		}
		require.NoError(t, err)
		require.NoError(t, proof.Prove(filter, q))
	})
}
