// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"cmp"
	"context"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

func TestDiff(t *testing.T) {
	base := func(change func(p *seccomp.Policy)) proof.Side {
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
	one := func(p bpf.Program) proof.Side { return proof.Of(seccomp.Filter{p}) }
	tests := map[string]struct {
		a, b proof.Side
		want []string
	}{
		"a policy and itself": {base(func(*seccomp.Policy) {}), base(func(*seccomp.Policy) {}), nil},
		"a call more": {
			base(func(*seccomp.Policy) {}),
			base(func(p *seccomp.Policy) { p.Rules[0].Syscalls = append(p.Rules[0].Syscalls, "close") }),
			[]string{"x86_64 close (3): ERRNO(1), ALLOW", "s390x close (6): ERRNO(1), ALLOW"},
		},
		"another value, in either byte order": {
			base(func(*seccomp.Policy) {}),
			base(func(p *seccomp.Policy) { p.Rules[1].Args[0].Value = 1<<32 | 8 }),
			[]string{
				"x86_64 personality (135), argument 0 = 0x8: ALLOW, ERRNO(1)", "x86_64 personality (135), argument 0 = 0x100000008: ERRNO(1), ALLOW",
				"s390x personality (136), argument 0 = 0x8: ALLOW, ERRNO(1)", "s390x personality (136), argument 0 = 0x100000008: ERRNO(1), ALLOW",
			},
		},
		"an ABI less": {
			base(func(p *seccomp.Policy) { p.Rules = nil }),
			base(func(p *seccomp.Policy) { p.Rules, p.Arches = nil, p.Arches[:1] }),
			[]string{"s390x all calls (0..4294967295): ERRNO(1), KILL_THREAD"},
		},
		"a filter that forgets x32": {
			base(func(p *seccomp.Policy) {
				p.Arches, p.BadArch, p.Default, p.Rules = p.Arches[:1], seccomp.Errno(1), seccomp.Allow, nil
			}),
			one(bpf.Program{{Op: 0x20, K: 4}, {Op: 0x15, Jf: 1, K: arch.X86_64.Audit()}, {Op: 6, K: uint32(seccomp.Allow)}, {Op: 6, K: 0x50001}}),
			[]string{"x32 all calls (1073741824..4294967294): ERRNO(1), ALLOW"},
		},
		"many calls, each by its name": {
			base(func(p *seccomp.Policy) { p.Arches, p.Rules = p.Arches[:1], nil }),
			base(func(p *seccomp.Policy) {
				p.Arches, p.Rules = p.Arches[:1], []seccomp.Rule{{Numbers: []seccomp.Range{{From: 0, To: 13}}, Action: seccomp.Trap(1)}}
			}),
			[]string{"x86_64 read, write, open, close, stat, fstat, lstat, poll, lseek, mmap, mprotect, munmap, brk, rt_sigaction (0..13): ERRNO(1), TRAP(1)"},
		},
		"what the kernel does not read": {
			one(bpf.Program{{Op: 6, K: 0x7fff1234}}), one(bpf.Program{{Op: 6, K: 0x7fff0000}}), nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for d, err := range proof.Diff(tt.a, tt.b) {
				require.NoError(t, err)
				got = append(got, d.String())
			}
			require.Equal(t, tt.want, got)
		})
	}
}

// TestDiffRandom holds the sets to the meanings of policies that differ in a rule.
func TestDiffRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	sets := 0
	for range 150 {
		seed := rig.RandomSeed(r, 8+r.IntN(100))
		p, q := rig.PolicyFrom(seed), rig.PolicyFrom(seed)
		if len(q.Rules) == 0 {
			continue
		}
		q.Rules = append(q.Rules[:0:0], q.Rules...)
		switch i := r.IntN(len(q.Rules)); r.IntN(3) {
		case 0:
			q.Rules = append(q.Rules[:i:i], q.Rules[i+1:]...)
		case 1:
			q.Rules[i].Action = seccomp.Trace(7)
		case 2:
			q.Arches = q.Arches[1:]
		}
		var list []proof.Difference
		for d, err := range proof.Diff(proof.Of(p), proof.Of(q)) {
			require.NoError(t, err)
			if list = append(list, d); len(list) == 2000 {
				break
			}
		}
		sets += len(list)
		for _, d := range list {
			if !d.Contains(&d.Call) || p.Evaluate(&d.Call) != d.A || q.Evaluate(&d.Call) != d.B || d.A == d.B {
				t.Fatalf("%v: %+v: %v, %v", d, d.Call, p.Evaluate(&d.Call), q.Evaluate(&d.Call))
			}
		}
		n := 0
		for c := range boundary.Calls(p) {
			if n++; n%7 != 0 {
				continue
			}
			in := 0
			for i := range list {
				if list[i].Contains(c) {
					in++
				}
			}
			differ := p.Evaluate(c) != q.Evaluate(c)
			if in > 1 || in == 1 && !differ || differ && in == 0 && len(list) < 2000 {
				t.Fatalf("%v\n%+v: in %d sets, differ: %v", rig.Describe(p), *c, in, differ)
			}
		}
	}
	require.Greater(t, sets, 200)
}

// TestDiffComputed: a filter that computes its answer can be looser for some calls of a region
// and stricter for others. Each set has calls of one kind alone.
func TestDiffComputed(t *testing.T) {
	// The low half of an argument is the answer.
	program := func(flip uint32) seccomp.Filter {
		return seccomp.Filter{{{Op: 0x20, K: 16}, {Op: 0xa4, K: flip}, {Op: 0x16}}}
	}
	computed := func(flip uint32) proof.Side { return proof.Of(program(flip)) }
	constant := func(a seccomp.Action) proof.Side { return proof.Of(seccomp.Filter{{{Op: 0x06, K: uint32(a)}}}) }
	actions := rig.Actions()
	run := func(flip uint32, c *seccomp.Call) seccomp.Action {
		if a := program(flip).Run(c); a.Kind().Validate() == nil {
			return a
		}
		return seccomp.KillProcess // as the kernel does for what is no action
	}
	for name, tt := range map[string]struct {
		a, b proof.Side
		want func(c *seccomp.Call) (a, b seccomp.Action)
	}{
		"a constant":  {constant(seccomp.Errno(5)), computed(0), func(c *seccomp.Call) (a, b seccomp.Action) { return seccomp.Errno(5), run(0, c) }},
		"the reverse": {computed(0), constant(seccomp.Trace(9)), func(c *seccomp.Call) (a, b seccomp.Action) { return run(0, c), seccomp.Trace(9) }},
		"two":         {computed(0), computed(0x00020001), func(c *seccomp.Call) (a, b seccomp.Action) { return run(0, c), run(0x00020001, c) }},
	} {
		t.Run(name, func(t *testing.T) {
			var list []proof.Difference
			for d, err := range proof.Diff(tt.a, tt.b) {
				require.NoError(t, err)
				if d.ABI != arch.X86_64 {
					break
				}
				list = append(list, d)
			}
			require.NotEmpty(t, list)
			seen := map[int]int{}
			for _, x := range append(actions, 0x00010000) {
				for data := range uint64(3) {
					c := &seccomp.Call{Audit: arch.X86_64.Audit(), Args: [6]uint64{uint64(x) + data}}
					a, b := tt.want(c)
					order := cmp.Compare(a.Rank(), b.Rank())
					for i := range list {
						if list[i].Contains(c) {
							seen[order]++
							require.Equal(t, cmp.Compare(list[i].A.Rank(), list[i].B.Rank()), order, "%v, %v in %v", a, b, list[i])
						}
					}
				}
			}
			require.GreaterOrEqual(t, len(seen), 2)
		})
	}
}

// TestDiffSpent: the steps that are told are those of the work: equal ones for equal questions,
// and no more than the limit where a question meets it.
func TestDiffSpent(t *testing.T) {
	masks := func(n int) *seccomp.Policy {
		p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
		x := uint64(1)
		next := func() uint64 { x = x*6364136223846793005 + 1442695040888963407; return x ^ x>>29 }
		for range n {
			rule := seccomp.Rule{Syscalls: []string{"ioctl"}, Action: seccomp.Errno(1)}
			for i := range 2 {
				rule.Args = append(rule.Args, seccomp.Arg{Index: i, Op: seccomp.MaskedEQ, Mask: next(), Value: next()})
			}
			p.Rules = append(p.Rules, rule)
		}
		return p
	}
	spent := func(n, limit int) (steps int, last error) {
		limits := seccomp.Within(context.Background(), seccomp.Limits{Steps: limit})
		for _, err := range proof.Diff(proof.Of(masks(n)), proof.Of(masks(0)), limits, func(s *settings.Settings) { s.Spent = &steps }) {
			last = err
		}
		return steps, last
	}
	few, err := spent(2, 0)
	require.NoError(t, err)
	assert.NotZero(t, few)
	again, err := spent(2, 0)
	require.NoError(t, err)
	assert.Equal(t, few, again)
	more, err := spent(4, 0)
	require.NoError(t, err)
	assert.Greater(t, more, few)
	const limit = 1 << 16
	all, err := spent(60, limit)
	require.ErrorIs(t, err, proof.ErrUndecided)
	assert.Greater(t, all, limit/4)
	assert.Less(t, all, limit+limit/4)
}
