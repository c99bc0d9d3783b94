// SPDX-License-Identifier: Apache-2.0

package review

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"

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
	for range 40 {
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
		assert.Greater(t, seen[d], 5, "%v", d)
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

// TestNewRandomFilters: the same for filters, which know no rules and look at numbers, halves and
// bits as no policy does.
func TestNewRandomFilters(t *testing.T) {
	r := rand.New(rand.NewPCG(43, 44))
	token := arch.X86_64.Audit()
	actions := append(rig.Actions(), seccomp.Errno(1), seccomp.Errno(38))
	program := func(computes bool) bpf.Program {
		var p bpf.Program
		for range 1 + r.IntN(6) {
			word := []uint32{0, 4, 8, 16, 20, 24, 60}[r.IntN(7)]
			k := []uint32{0, 1, 3, 59, 0x40000000, 0xffffffff, token, arch.S390X.Audit(), 1 << 31}[r.IntN(9)]
			p = append(p, xbpf.RawInstruction{Op: 0x20, K: word}, // ld
				xbpf.RawInstruction{Op: []uint16{0x15, 0x25, 0x35, 0x45}[r.IntN(4)], K: k, Jf: uint8(r.IntN(2)), Jt: uint8(r.IntN(2))}, // jeq, jgt, jge, jset
				xbpf.RawInstruction{Op: 0x06, K: uint32(actions[r.IntN(len(actions))])})
		}
		last := xbpf.RawInstruction{Op: 0x06, K: uint32(actions[r.IntN(len(actions))])}
		if computes {
			last = xbpf.RawInstruction{Op: 0x16} // the word that was loaded last
		}
		return append(p, last)
	}
	seen := map[string]int{}
	for range 120 {
		a, b := Side{Filter: seccomp.Filter{program(r.IntN(4) == 0)}}, Side{Filter: seccomp.Filter{program(false)}}
		if r.IntN(3) == 0 {
			b.Filter = append(b.Filter, program(false))
		}
		review, err := New(proof.Diff(a.Of(), b.Of()), a, b, 500)
		require.NoError(t, err)
		for i := range review.Changes {
			c := &review.Changes[i]
			require.True(t, c.Contains(&c.Witness), "%+v", *c)
			require.Equal(t, c.Direction, DirectionOf(effective(a.Filter.Run(&c.Witness)), effective(b.Filter.Run(&c.Witness))))
			seen[c.Direction.String()]++
			if c.ABI == 0 {
				seen["tokens"]++
				require.NotEmpty(t, Tokens(c))
			} else if len(c.Numbers) > 0 {
				require.NotEmpty(t, NumbersOf(c))
			}
			if c.Computed {
				seen["computed"]++
			}
		}
		for range 300 {
			values := []uint64{0, 1, 2, 3, 4, 1 << 31, low32, 1 << 32, 1<<32 | 1, 3 << 32, 1<<63 | 1<<31, all64, uint64(seccomp.Errno(3)), uint64(seccomp.Allow)}
			c := &seccomp.Call{Audit: []uint32{token, arch.S390X.Audit(), arch.X86.Audit(), 0, 7, 0xffffffff}[r.IntN(6)],
				Nr: []uint32{0, 1, 2, 3, 4, 59, 60, 500, 0x3fffffff, 0x40000000, 0x40000001, 0x40000fff, 0xfffffffe, 0xffffffff}[r.IntN(14)], IP: values[r.IntN(len(values))]}
			for i := range c.Args {
				c.Args[i] = values[r.IntN(len(values))]
			}
			in := 0
			x, y := effective(a.Filter.Run(c)), effective(b.Filter.Run(c))
			for i := range review.Changes {
				if change := &review.Changes[i]; change.Contains(c) {
					in++
					require.Equal(t, DirectionOf(x, y), change.Direction, "%+v", *c)
					require.True(t, change.Computed || x == change.A.Action && y == change.B.Action, "%+v", *c)
				}
			}
			require.LessOrEqual(t, in, 1, "%+v", *c)
			if !review.More {
				require.Equal(t, x != y, in == 1, "%+v: %v %v\n%v\n%v", *c, x, y, a.Filter, b.Filter)
			}
		}
	}
	for _, what := range []string{"opened", "closed", "changed otherwise", "tokens", "computed"} {
		assert.Greater(t, seen[what], 25, what)
	}
}

// effective is what the kernel does with a returned value.
func effective(a seccomp.Action) seccomp.Action {
	switch a.Kind() {
	case seccomp.Errno(0):
		return seccomp.Errno(min(a.Data(), seccomp.MaxErrno))
	case seccomp.Trap(0), seccomp.Trace(0):
		return a
	}
	if a.Kind().Validate() != nil {
		return seccomp.KillProcess
	}
	return a.Kind()
}

// TestNewLimits: what is left out is said, and what was found before an error is kept.
func TestNewLimits(t *testing.T) {
	set := proof.Difference{ABI: arch.X86_64, Numbers: []seccomp.Range{{From: 0, To: 0}}, Call: seccomp.Call{Audit: arch.X86_64.Audit()}, A: seccomp.Allow, B: seccomp.Errno(1)}
	sets := func(n int, err error) func(func(proof.Difference, error) bool) {
		return func(yield func(proof.Difference, error) bool) {
			for i := range n {
				d := set
				d.Where = []proof.Constraint{{Index: 1, Any: is(uint64(i) * 7)}, {Index: 2, Any: is(uint64(i) * 5)}}
				d.Call.Args = [6]uint64{1: uint64(i) * 7, 2: uint64(i) * 5}
				if !yield(d, nil) {
					return
				}
			}
			if err != nil {
				yield(proof.Difference{}, err)
			}
		}
	}
	side := Side{Filter: seccomp.Filter{{{Op: 0x06}}}}
	r, err := New(sets(3, nil), side, side, 3)
	require.NoError(t, err)
	assert.Equal(t, []any{3, false}, []any{r.Sets, r.More})
	r, err = New(sets(4, proof.ErrUndecided), side, side, 3)
	require.NoError(t, err, "the limit comes first")
	assert.Equal(t, []any{3, true}, []any{r.Sets, r.More})
	r, err = New(sets(2, proof.ErrUndecided), side, side, 3)
	require.ErrorIs(t, err, proof.ErrUndecided)
	require.Len(t, r.Changes, 1)
	assert.Len(t, r.Changes[0].Where, 2)
	r, err = New(sets(Most+5, nil), side, side, 0)
	require.NoError(t, err)
	assert.Equal(t, []any{Most, true}, []any{r.Sets, r.More})
	texts := r.Changes[0].Sets(r.Changes[0].Calls[0])
	require.Len(t, texts, mostSets+1)
	assert.Equal(t, "read with 65472 more sets of arguments", texts[mostSets])
}
