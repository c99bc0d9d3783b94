// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// combinations are the three ways, with what each is to answer.
var combinations = map[string]struct {
	make   func(a, b *seccomp.Policy) (*seccomp.Policy, error)
	answer func(a, b seccomp.Action) seccomp.Action
}{
	"union": {
		func(a, b *seccomp.Policy) (*seccomp.Policy, error) { return proof.Union(a, b) },
		func(a, b seccomp.Action) seccomp.Action {
			if a.Rank() >= b.Rank() {
				return a
			}
			return b
		},
	},
	"intersection": {
		func(a, b *seccomp.Policy) (*seccomp.Policy, error) { return proof.Intersect(a, b) },
		func(a, b seccomp.Action) seccomp.Action {
			if a.Rank() <= b.Rank() {
				return a
			}
			return b
		},
	},
	"subtraction": {
		func(a, b *seccomp.Policy) (*seccomp.Policy, error) {
			return proof.Subtract(a, b, seccomp.Errno(77))
		},
		func(a, b seccomp.Action) seccomp.Action {
			stays := a.Rank() < seccomp.Notify.Rank() || b != seccomp.Allow && b != seccomp.Log
			if stays {
				return a
			}
			return seccomp.Errno(77)
		},
	},
}

// checkCombined compares the combinations of two policies with their meaning, at all
// calls where any of the three may change, and the intersection with the stack of both
// filters over all calls.
func checkCombined(t *testing.T, a, b *seccomp.Policy) {
	evaluateCombined(t, a, b, 1)
	proveCombined(t, a, b)
}

// evaluateCombined compares every so manieth call.
func evaluateCombined(t *testing.T, a, b *seccomp.Policy, every int) {
	for name, how := range combinations {
		c, err := how.make(a, b)
		require.NoError(t, err, name)
		require.NoError(t, c.Validate(), name)
		for _, p := range []*seccomp.Policy{a, b, c} {
			i := 0
			for call := range boundary.Calls(p) {
				if i++; i%every != 0 {
					continue
				}
				want := how.answer(a.Evaluate(call), b.Evaluate(call))
				if got := c.Evaluate(call); got != want {
					t.Fatalf("%s of\n%+v\nand\n%+v\nis\n%+v\n%+v: got %v, want %v", name, a, b, c, *call, got, want)
				}
			}
		}
	}
}

// proveCombined is exact, but for the data of actions in the union.
func proveCombined(t *testing.T, a, b *seccomp.Policy) {
	both, err := proof.Intersect(a, b)
	require.NoError(t, err)
	first, err := a.Compile()
	require.NoError(t, err)
	second, err := b.Compile()
	require.NoError(t, err)
	// Of equal ranks the program installed last counts, which is to be a's.
	stack := append(append(seccomp.Filter{}, second...), first...)
	require.NoError(t, proof.Prove(stack, both), "%+v\n%+v", a, b)
	union, err := proof.Union(mirrored(a), mirrored(b))
	require.NoError(t, err)
	for d, err := range proof.Diff(proof.Of(mirrored(union)), proof.Of(both)) {
		require.NoError(t, err)
		// Data of actions is lost in the mirror.
		assert.Equal(t, d.A.Kind(), d.B.Kind(), "%v", d)
	}
}

// mirrored is a policy with the order of actions turned round: what is the least
// restrictive there is the most restrictive here.
func mirrored(p *seccomp.Policy) *seccomp.Policy {
	turn := map[seccomp.Action]seccomp.Action{
		seccomp.KillProcess: seccomp.Allow, seccomp.KillThread: seccomp.Log, seccomp.Trap(0): seccomp.Trace(0), seccomp.Errno(0): seccomp.Notify,
		seccomp.Allow: seccomp.KillProcess, seccomp.Log: seccomp.KillThread, seccomp.Trace(0): seccomp.Trap(0), seccomp.Notify: seccomp.Errno(0),
	}
	q := *p
	q.Rules = nil
	for _, r := range p.Rules {
		r.Action = turn[r.Action.Kind()]
		q.Rules = append(q.Rules, r)
	}
	q.Default, q.BadArch = turn[p.Default.Kind()], turn[p.BadArch.Kind()]
	return &q
}

// small is a policy of few rules: the boundaries of two make many calls.
func small(seed []byte) *seccomp.Policy {
	p := rig.PolicyFrom(seed)
	p.Rules = p.Rules[:min(len(p.Rules), 5)]
	p.Arches = p.Arches[:min(len(p.Arches), 3)]
	return p
}

func TestCombineRandomPolicies(t *testing.T) {
	random := rand.NewChaCha8([32]byte{7})
	for range 8 {
		var seeds [2][64]byte
		random.Read(seeds[0][:])
		random.Read(seeds[1][:])
		checkCombined(t, small(seeds[0][:]), small(seeds[1][:]))
	}
}

func FuzzCombine(f *testing.F) {
	f.Add([]byte("a union"), []byte("of two"))
	f.Fuzz(func(t *testing.T, a, b []byte) {
		p, q := small(a[:min(len(a), 96)]), small(b[:min(len(b), 96)])
		evaluateCombined(t, p, q, 211)
		proveCombined(t, p, q)
	})
}

// TestCombine has the forms that people will read.
func TestCombine(t *testing.T) {
	x64, both := []arch.Arch{arch.X86_64}, []arch.Arch{arch.X86_64, arch.X86}
	allow := func(names ...string) seccomp.Rule { return seccomp.Rule{Syscalls: names, Action: seccomp.Allow} }
	inet := seccomp.Rule{Syscalls: []string{"socket"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 2}}, Action: seccomp.Allow}
	unix := seccomp.Rule{Syscalls: []string{"socket"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 1}}, Action: seccomp.Allow}
	policy := func(abis []arch.Arch, rules ...seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: abis, Rules: rules, Default: seccomp.Errno(1)}
	}
	tests := map[string]struct {
		how  string
		a, b *seccomp.Policy
		want *seccomp.Policy
	}{
		"names are joined":         {"union", policy(x64, allow("read")), policy(x64, allow("write", "read")), policy(x64, allow("read", "write"))},
		"names are kept":           {"intersection", policy(x64, allow("read", "close")), policy(x64, allow("write", "read")), policy(x64, allow("read"))},
		"names are taken":          {"subtraction", policy(x64, allow("read", "close")), policy(x64, allow("write", "read")), policy(x64, seccomp.Rule{Syscalls: []string{"read"}, Action: seccomp.Errno(77)}, allow("close"))},
		"conditions are both kept": {"union", policy(x64, inet), policy(x64, unix), policy(x64, inet, unix)},
		"conditions that exclude each other allow nothing":   {"intersection", policy(x64, inet), policy(x64, unix), policy(x64)},
		"an ABI of one is closed by the other":               {"intersection", policy(both, allow("read")), policy(x64, allow("read")), policy(x64, allow("read"))},
		"an unconditional rule wins":                         {"union", policy(x64, inet), policy(x64, allow("socket")), policy(x64, allow("socket"))},
		"a condition narrows":                                {"intersection", policy(x64, inet), policy(x64, allow("socket")), policy(x64, inet)},
		"numbers without a name stay ranges":                 {"union", policy(x64, seccomp.Rule{Numbers: []seccomp.Range{{From: 1000, To: 1<<30 - 1}}, Action: seccomp.Errno(38)}), policy(x64), policy(x64, seccomp.Rule{Numbers: []seccomp.Range{{From: 1000, To: 1<<30 - 1}}, Action: seccomp.Errno(38)})},
		"of two errnos the first's counts":                   {"intersection", &seccomp.Policy{Arches: x64, Default: seccomp.Errno(38)}, policy(x64), &seccomp.Policy{Arches: x64, Default: seccomp.Errno(38)}},
		"foreign ABIs get the less restrictive in the union": {"union", &seccomp.Policy{BadArch: seccomp.Errno(1)}, &seccomp.Policy{}, &seccomp.Policy{BadArch: seccomp.Errno(1)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := combinations[tt.how].make(tt.a, tt.b)
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprintf("%+v", tt.want), fmt.Sprintf("%+v", got))
			checkCombined(t, tt.a, tt.b)
		})
	}
}

func TestCombineRefuses(t *testing.T) {
	good := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}}
	bad := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Rules: []seccomp.Rule{{Syscalls: []string{"raed"}}}}
	_, err := proof.Union(good, bad)
	assert.ErrorIs(t, err, seccomp.ErrPolicy)
	_, err = proof.Intersect(bad)
	assert.ErrorIs(t, err, seccomp.ErrPolicy)
	_, err = proof.Subtract(good, good, seccomp.Log)
	assert.ErrorContains(t, err, "LOG for what is subtracted lets it run")

	many := func(n uint64, index int) *seccomp.Policy {
		p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}}
		for i := range n {
			p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{{Index: index, Op: seccomp.EQ, Value: i}}, Action: seccomp.Errno(uint16(i))})
		}
		return p
	}
	_, err = proof.Union(many(300, 0), many(300, 1))
	assert.ErrorIs(t, err, proof.ErrUndecided)
	_, err = proof.Union(many(250, 0), many(250, 0))
	assert.NoError(t, err)
	one, err := proof.Union(good)
	require.NoError(t, err)
	assert.Equal(t, &seccomp.Policy{}, one, "an ABI whose calls get what foreign ones do need not be listed")
}

// TestCombineConditions has conditions that just meet, and just miss each other, and
// numbers at the ends.
func TestCombineConditions(t *testing.T) {
	arg := func(op seccomp.Op, value uint64) seccomp.Arg { return seccomp.Arg{Op: op, Value: value} }
	masked := func(mask, value uint64) seccomp.Arg {
		return seccomp.Arg{Op: seccomp.MaskedEQ, Mask: mask, Value: value}
	}
	low := func(a seccomp.Arg) seccomp.Arg { a.Narrow = true; return a }
	list := []seccomp.Arg{
		arg(seccomp.EQ, 5), arg(seccomp.NE, 5), arg(seccomp.LE, 5), arg(seccomp.LT, 5), arg(seccomp.GE, 5), arg(seccomp.GT, 5),
		arg(seccomp.EQ, 1<<32|5), arg(seccomp.GE, 1<<32), arg(seccomp.LT, 0), arg(seccomp.GT, 1<<64-1),
		masked(0xf, 5), masked(0xf0, 5), masked(6, 4), masked(1<<40|1, 1), masked(1<<40|1, 1<<40|1), masked(0, 5), masked(1<<64-1, 5),
	}
	for _, a := range list {
		list = append(list, low(a))
	}
	policy := func(a seccomp.Arg) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86}, Default: seccomp.Errno(1),
			Rules: []seccomp.Rule{{Syscalls: []string{"prctl"}, Args: []seccomp.Arg{a}, Action: seccomp.Allow}}}
	}
	for _, a := range list {
		for _, b := range list {
			proveCombined(t, policy(a), policy(b))
		}
	}
	ends := func(numbers ...seccomp.Range) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Default: seccomp.Errno(1),
			Rules: []seccomp.Rule{{Numbers: numbers, Action: seccomp.Allow}}}
	}
	const most = 1<<32 - 1
	for _, n := range []seccomp.Range{{From: most, To: most}, {From: most - 1, To: most - 1}, {From: 0, To: most}, {From: 1<<30 - 1, To: 1 << 30}, {From: 1<<30 + 1, To: most}, {From: 0, To: 0}} {
		checkCombined(t, ends(n), ends(seccomp.Range{From: 0, To: most}))
		checkCombined(t, ends(n), ends(seccomp.Range{From: 1 << 30, To: most}, seccomp.Range{From: 0, To: 5}))
	}
}
