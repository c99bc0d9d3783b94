// SPDX-License-Identifier: Apache-2.0

package audit

import (
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRandom asks about random policies for the calls of the questions, with conditions near
// the questions' own. Evaluate is asked about the boundary calls, moved into the question: what
// gets through must have been found, and what was found must get through.
func TestRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 4))
	n, seen := 40, map[Verdict]int{}
	if shared.Long() {
		n = 1000
	}
	for range n {
		native := []arch.Arch{arch.X86_64, arch.AArch64, arch.S390X, arch.MIPS64}[r.IntN(4)]
		for _, q := range Questions() {
			p := randomPolicy(r, &q, native)
			a := Ask(Of(p), native, []Question{q})[0]
			seen[a.Verdict]++
			require.NoError(t, a.Err)
			for _, f := range a.Found {
				assert.False(t, p.Evaluate(&f.Call).Denies(), "%s: %s", q.ID, f.Text())
			}
			worst := seccomp.KillProcess
			for _, d := range doors(&q, Machine(native)) {
				for c := range boundary.Calls(p, d.nr) {
					for i := range d.rules {
						moved := into(&d, &d.rules[i], c)
						if action := p.Evaluate(&moved); d.has(&moved) && action.Rank() > worst.Rank() {
							worst = action
						}
					}
				}
			}
			if q.special == "" {
				assert.False(t, a.Verdict == Closed && !worst.Denies(), "%s is closed, and a call gets %v", q.ID, worst)
				assert.False(t, a.Verdict == Supervised && worst.Runs(), "%s is supervised, and a call gets %v", q.ID, worst)
			}
		}
	}
	for _, v := range []Verdict{Closed, Supervised, Reached} {
		assert.Greater(t, seen[v], n, "%v", v)
	}
}

// into is a call of the door that differs from one that is given in what the rule asks alone.
func into(d *door, r *seccomp.Rule, c *seccomp.Call) seccomp.Call {
	moved := seccomp.Call{Audit: d.abi.Audit(), Nr: d.nr, Args: c.Args}
	for _, arg := range r.Args {
		if x := &moved.Args[arg.Index]; arg.Op == seccomp.MaskedEQ {
			*x = *x&^arg.Mask | arg.Value
		}
	}
	return moved
}

// randomPolicy has up to six rules about the question's calls on some ABIs, with conditions on the
// values that it asks for, and near them.
func randomPolicy(r *rand.Rand, q *Question, native arch.Arch) *seccomp.Policy {
	actions := []seccomp.Action{seccomp.Allow, seccomp.Log, seccomp.Trace(1), seccomp.Notify, seccomp.Errno(1), seccomp.Errno(38), seccomp.KillProcess}
	p := &seccomp.Policy{Arches: Machine(native)[:1+r.IntN(len(Machine(native)))], Default: actions[3+r.IntN(4)], BadArch: actions[4+r.IntN(3)]}
	list := doors(q, Machine(native))
	if len(list) == 0 {
		list = []door{{abi: native, nr: 1, rules: []seccomp.Rule{{}}}}
	}
	for range r.IntN(6) {
		d := &list[r.IntN(len(list))]
		rule := seccomp.Rule{Arches: []arch.Arch{d.abi}, Numbers: []seccomp.Range{{From: d.nr, To: d.nr}}, Action: actions[r.IntN(len(actions))]}
		for _, asked := range d.rules[r.IntN(len(d.rules))].Args {
			value := asked.Value + []uint64{0, 0, 1, ^uint64(0), 1 << 32}[r.IntN(5)]
			arg := seccomp.Arg{Index: asked.Index, Op: seccomp.EQ + seccomp.Op(r.IntN(7)), Value: value, Narrow: r.IntN(3) == 0}
			if arg.Op == seccomp.MaskedEQ {
				arg.Mask = []uint64{asked.Mask, asked.Value, 1<<32 - 1, 1<<64 - 1}[r.IntN(4)]
			}
			rule.Args = append(rule.Args, arg)
		}
		p.Rules = append(p.Rules, rule)
	}
	return p
}

// TestRandomFilters: a filter of a policy gets the same verdicts.
func TestRandomFilters(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 5))
	for range 3 {
		for _, q := range Questions() {
			p := randomPolicy(r, &q, arch.X86_64)
			f, err := proof.Compile(p)
			require.NoError(t, err)
			a, b := Ask(Of(p), arch.X86_64, []Question{q})[0], Ask(Of(f), arch.X86_64, []Question{q})[0]
			assert.Equal(t, a.Verdict, b.Verdict, q.ID)
			assert.Equal(t, len(a.Found), len(b.Found), q.ID)
		}
	}
}
