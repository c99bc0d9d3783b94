// SPDX-License-Identifier: Apache-2.0

package review

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestNewRandom: of policies that differ in a rule, the changes together are exactly the calls
// on which Evaluate differs, each call in one change and that in the right direction. Rules
// that are named decide.
func TestNewRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	seen := map[Direction]int{}
	told, missed := 0, 0 // rules that decide
	for range 60 {
		seed := rig.RandomSeed(r, 8+r.IntN(100))
		p, q := rig.PolicyFrom(seed), rig.PolicyFrom(seed)
		if len(q.Rules) == 0 {
			continue
		}
		q.Rules = append(q.Rules[:0:0], q.Rules...)
		switch i := r.IntN(len(q.Rules)); r.IntN(4) {
		case 0:
			q.Rules = append(q.Rules[:i:i], q.Rules[i+1:]...)
		case 1:
			q.Rules[i].Action = seccomp.Trace(7)
		case 2:
			q.Arches = q.Arches[1:]
		case 3:
			q.Default = seccomp.Errno(40)
		}
		a, b := Side{Policy: p}, Side{Policy: q}
		review, err := New(proof.Diff(a.Of(), b.Of()), a, b, 2000)
		require.NoError(t, err)
		for i := range review.Changes {
			c := &review.Changes[i]
			seen[c.Direction]++
			checkWitness(t, c, p, q)
		}
		for c := range boundary.Calls(p) {
			in := slices.IndexFunc(review.Changes, func(x Change) bool { return x.Contains(c) })
			x, y := p.Evaluate(c), q.Evaluate(c)
			switch {
			case in < 0:
				require.True(t, x == y || review.More, "%v\n%+v: %v, %v, in no change", rig.Describe(p), *c, x, y)
			default:
				change := &review.Changes[in]
				require.Equal(t, DirectionOf(x, y), change.Direction)
				require.Equal(t, []seccomp.Action{x, y}, []seccomp.Action{change.A.Action, change.B.Action}, "%+v", *c)
				require.NotEqual(t, x, y)
				rest := review.Changes[in+1:]
				require.False(t, slices.ContainsFunc(rest, func(x Change) bool { return x.Contains(c) }), "%+v is in two", *c)
				for _, said := range []bool{knows(&change.A, p.Explain(c)), knows(&change.B, q.Explain(c))} {
					if told++; !said {
						missed++
					}
				}
			}
		}
	}
	assert.Greater(t, told, 10000)
	assert.Less(t, missed*50, told, "rules that decide and are not named: %d of %d", missed, told)
	t.Logf("%d of %d answers by a rule that was not named", missed, told)
	for _, d := range []Direction{Opened, Closed, Other} {
		assert.Greater(t, seen[d], 8, "%v", d)
	}
}

// checkWitness holds a change to what both policies say of its witness.
func checkWitness(t *testing.T, c *Change, p, q *seccomp.Policy) {
	t.Helper()
	require.True(t, c.Contains(&c.Witness), "%+v", *c)
	require.Equal(t, p.Explain(&c.Witness), *c.A.By)
	require.Equal(t, q.Explain(&c.Witness), *c.B.By)
	require.Equal(t, []seccomp.Action{p.Evaluate(&c.Witness), q.Evaluate(&c.Witness)}, []seccomp.Action{c.A.Action, c.B.Action})
	for _, call := range c.Calls {
		require.Len(t, c.Sets(call), min(len(c.Where), mostSets+1))
	}
}

// knows says whether an answer names who decides.
func knows(a *Answer, d seccomp.Decision) bool {
	return *a.By == d || d.By == seccomp.ByRule && slices.Contains(a.Others, d.Rule) || d.By == seccomp.ByDefault && a.Else
}

// TestNewFilters: filters have no rules, and answers that they compute are told as such.
func TestNewFilters(t *testing.T) {
	a := Side{Filter: seccomp.Filter{{{Op: 0x06, K: uint32(seccomp.Allow)}}}}
	b := Side{Filter: seccomp.Filter{bpf.Program{{Op: 0x20, K: 0}, {Op: 0x15, Jf: 1, K: 5}, {Op: 0x06, K: uint32(seccomp.Errno(1))}, {Op: 0x06, K: uint32(seccomp.Allow)}}}}
	r, err := New(proof.Diff(a.Of(), b.Of()), a, b, 0)
	require.NoError(t, err)
	require.Len(t, r.Changes, len(arch.All()), "one for the tokens of none, and none for x32")
	for i := range r.Changes {
		c := &r.Changes[i]
		assert.Equal(t, Closed, c.Direction)
		assert.Nil(t, c.A.By)
		assert.Empty(t, c.A.Place())
		assert.False(t, c.Computed)
		assert.Equal(t, uint32(5), c.Witness.Nr)
		assert.True(t, c.Contains(&c.Witness))
	}
	assert.Equal(t, arch.Arch(0), r.Changes[len(r.Changes)-1].ABI)
	assert.Equal(t, []Call{{5, "fstat"}}, r.Changes[0].Calls)
}
