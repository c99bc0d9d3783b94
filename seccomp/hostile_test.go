// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// family is policies that grow with n. They are what a stranger may send.
type family struct {
	policy func(n int) *seccomp.Policy
	size   int  // a policy of that size, and of half and of twice it, is compiled
	fits   bool // at size; otherwise it is refused at twice the size
}

// oneCall is a policy of n rules for ioctl.
func oneCall(action, otherwise func(i int) seccomp.Action, args func(r *rand.Rand, i int) []seccomp.Arg) func(n int) *seccomp.Policy {
	return func(n int) *seccomp.Policy {
		r := rand.New(rand.NewPCG(31, uint64(n)))
		p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: otherwise(0), BadArch: seccomp.KillProcess}
		for i := range n {
			p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"ioctl"}, Args: args(r, i), Action: action(i)})
		}
		return p
	}
}

func constant(a seccomp.Action) func(int) seccomp.Action {
	return func(int) seccomp.Action { return a }
}

func own(i int) seccomp.Action { return seccomp.Errno(uint16(1 + i%4000)) }

func mixed(i int) seccomp.Action { return rig.SomeActions[i%len(rig.SomeActions)] }

// ranges is a policy of n rules for ranges of numbers, each within the one before it or,
// if out is set, around it.
func ranges(out bool, args func(i int) []seccomp.Arg) func(n int) *seccomp.Policy {
	return func(n int) *seccomp.Policy {
		p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
		for i := range n {
			at := uint32(i)
			if out {
				at = uint32(n - i)
			}
			p.Rules = append(p.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: at, To: 1<<20 - at}}, Args: args(i), Action: own(i)})
		}
		return p
	}
}

func masks64(r *rand.Rand, _ int) []seccomp.Arg {
	return []seccomp.Arg{{Op: seccomp.MaskedEQ, Value: r.Uint64(), Mask: r.Uint64()}}
}

func sixEqual(_ *rand.Rand, i int) []seccomp.Arg {
	return []seccomp.Arg{{Index: i % 6, Op: seccomp.EQ, Value: uint64(i)}}
}

func box(r *rand.Rand, _ int) []seccomp.Arg {
	var args []seccomp.Arg
	for i := range 6 {
		from := r.Uint64() >> 1
		args = append(args, seccomp.Arg{Index: i, Op: seccomp.GE, Value: from}, seccomp.Arg{Index: i, Op: seccomp.LE, Value: from + r.Uint64()>>1})
	}
	return args
}

func manyMasks(r *rand.Rand, _ int) []seccomp.Arg {
	var args []seccomp.Arg
	for i := range 40 {
		args = append(args, seccomp.Arg{Index: i % 6, Op: seccomp.MaskedEQ, Value: r.Uint64(), Mask: r.Uint64()})
	}
	return args
}

func anyArgs(r *rand.Rand, _ int) []seccomp.Arg {
	var args []seccomp.Arg
	for range r.IntN(4) + 1 {
		args = append(args, seccomp.Arg{Index: r.IntN(6), Op: seccomp.EQ + seccomp.Op(r.IntN(7)), Value: r.Uint64() >> r.IntN(64), Mask: r.Uint64(), Narrow: r.IntN(3) == 0})
	}
	return args
}

var (
	deny  = constant(seccomp.Errno(1))
	allow = constant(seccomp.Allow)
)

var families = map[string]family{
	"random masks, denied":                 {oneCall(deny, allow, masks64), 700, true},
	"random masks, allowed":                {oneCall(allow, deny, masks64), 700, false},
	"random masks, own answers":            {oneCall(own, allow, masks64), 700, true},
	"values of six arguments, denied":      {oneCall(deny, allow, sixEqual), 2000, true},
	"values of six arguments, allowed":     {oneCall(allow, deny, sixEqual), 2000, true},
	"values of six arguments, own answers": {oneCall(own, allow, sixEqual), 2000, true},
	"values of six arguments, all answers": {oneCall(mixed, deny, sixEqual), 2000, false},
	"boxes, denied":                        {oneCall(deny, allow, box), 250, true},
	"boxes, allowed":                       {oneCall(allow, deny, box), 500, false},
	"boxes, own answers":                   {oneCall(own, allow, box), 250, true},
	"rules of many masks":                  {oneCall(own, allow, manyMasks), 100, true},
	"any conditions, denied":               {oneCall(deny, allow, anyArgs), 800, true},
	"any conditions, all answers":          {oneCall(mixed, deny, anyArgs), 800, true},
	"ranges in ranges":                     {ranges(false, func(int) []seccomp.Arg { return nil }), 5000, true},
	"ranges around ranges":                 {ranges(true, func(int) []seccomp.Arg { return nil }), 5000, false},
	"ranges in ranges with conditions": {ranges(false, func(i int) []seccomp.Arg {
		return []seccomp.Arg{{Index: i % 6, Op: seccomp.EQ, Value: uint64(i)}}
	}), 5000, false},
	"ranges around ranges with conditions": {ranges(true, func(i int) []seccomp.Arg {
		return []seccomp.Arg{{Index: i % 6, Op: seccomp.EQ, Value: uint64(i)}}
	}), 5000, false},
	"rules for all calls": {func(n int) *seccomp.Policy {
		p := oneCall(own, allow, sixEqual)(n)
		for i := range p.Rules {
			p.Rules[i].Numbers = []seccomp.Range{{From: 0, To: 500}}
			p.Rules[i].Syscalls = nil
			for nr := range uint32(400) {
				p.Rules[i].Numbers = append(p.Rules[i].Numbers, seccomp.Range{From: nr, To: nr})
			}
		}
		return p
	}, 300, true},
	"a decompiled policy": {func(n int) *seccomp.Policy {
		p := oneCall(mixed, deny, masks64)(n)
		for i := range p.Rules {
			p.Rules[i].Args = append(p.Rules[i].Args, p.Rules[i/2].Args[0], p.Rules[i/3].Args[0], p.Rules[i/5].Args[0])
		}
		return p
	}, 5278, false},
}

// TestCompileHostile compiles policies that are made to take long. Each ends within the
// bounds: as a filter that decides as the policy does, or as an error that says where.
func TestCompileHostile(t *testing.T) {
	for name, f := range families {
		t.Run(name, func(t *testing.T) {
			for _, n := range []int{f.size / 2, f.size, 2 * f.size} {
				p := f.policy(n)
				filter, err := p.Compile()
				if err != nil {
					require.ErrorIs(t, err, bpf.ErrTooLong)
					require.Regexp(t, `x86_64 |ranges of numbers`, err.Error())
					t.Logf("%d: %v", n, err)
				} else {
					sizes := []int{}
					for _, program := range filter {
						sizes = append(sizes, len(program))
					}
					t.Logf("%d: %v instructions", n, sizes)
					near(t, p, filter)
				}
				switch {
				case n == f.size && f.fits:
					require.NoError(t, err)
				case n > f.size && !f.fits:
					require.Error(t, err)
				}
			}
		})
	}
}

// near compares a filter with its policy at calls that meet or just miss rules.
func near(t *testing.T, p *seccomp.Policy, filter seccomp.Filter) {
	r := rand.New(rand.NewPCG(33, 34))
	for range 2000 {
		c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 16}
		for range 1 + r.IntN(4) { // rules that may match together
			rule := &p.Rules[r.IntN(len(p.Rules))]
			if len(rule.Numbers) > 0 {
				n := rule.Numbers[r.IntN(len(rule.Numbers))]
				c.Nr = []uint32{n.From, n.To, n.From - 1, n.To + 1, 16}[r.IntN(5)]
			}
			for i, a := range rule.Args {
				x := &c.Args[a.Index]
				switch {
				case a.Op == seccomp.MaskedEQ:
					*x = *x&^a.Mask | a.Value&a.Mask
				case i == 0 || r.IntN(2) == 0:
					*x = a.Value
				}
			}
		}
		switch r.IntN(4) {
		case 0:
			c.Args[r.IntN(6)] ^= 1 << r.IntN(64)
		case 1:
			c.Args[r.IntN(6)] += r.Uint64N(3) - 1
		}
		if got, want := filter.Run(&c), p.Evaluate(&c); got != want {
			t.Fatalf("%+v: filter %v, policy %v", c, got, want)
		}
	}
}

// TestCompileGroups holds rules that are put together by what they look at to their
// meaning, on ABIs of both word sizes and byte orders.
func TestCompileGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	rounds := 2
	if shared.Long() {
		rounds = 12
	}
	for _, abi := range []arch.Arch{arch.X86_64, arch.S390X, arch.X86, arch.S390, arch.X32} {
		for range rounds {
			p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Allow}
			for range 50 {
				a := seccomp.Arg{Index: r.IntN(6), Op: seccomp.EQ, Value: value64(r), Narrow: r.IntN(4) == 0}
				switch r.IntN(4) {
				case 0:
					from := value64(r)
					p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"ioctl"}, Action: seccomp.Errno(1), Args: []seccomp.Arg{
						{Index: a.Index, Op: seccomp.GE, Value: from}, {Index: (a.Index + 1) % 6, Op: seccomp.LE, Value: value64(r)},
					}})
				case 1:
					a.Op = []seccomp.Op{seccomp.EQ, seccomp.GT, seccomp.LE, seccomp.GE}[r.IntN(4)]
					if a.Op == seccomp.LE {
						a.Value >>= 40
					} else if a.Op != seccomp.EQ {
						a.Value |= 0xffffff << 40
					}
				case 2:
					a.Op, a.Mask = seccomp.MaskedEQ, []uint64{0xf0f0, 0xff00000000, 0xffff00000000ffff, 0xfffffffffffff000, 1 << 40}[r.IntN(5)]
				}
				p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{a}, Action: seccomp.Errno(uint16(1 + r.IntN(10)/9))})
			}
			agree(t, p)
		}
	}
}

// value64 is a value that is often near others, or at an edge.
func value64(r *rand.Rand) uint64 {
	switch r.IntN(4) {
	case 0:
		return rig.SomeValues[r.IntN(len(rig.SomeValues))]
	case 1:
		return r.Uint64N(40)<<32 | r.Uint64N(40)
	}
	return r.Uint64N(60)
}

// TestCompileWithin gives up where it is told to, and gives the same answer each time.
func TestCompileWithin(t *testing.T) {
	p := oneCall(own, allow, sixEqual)(2000)
	for _, limits := range []seccomp.Limits{{Steps: 1000}, {Steps: 100000}, {Memory: 100000}} {
		_, err := p.Compile(seccomp.Within(context.Background(), limits))
		require.ErrorIs(t, err, bpf.ErrTooLong)
		require.ErrorContains(t, err, "x86_64 ioctl (16), rule 0 to rule 1999, 2000 rules with 2000 conditions: no filter was found within 1000")
		_, again := p.Compile(seccomp.Within(context.Background(), limits))
		require.Equal(t, err.Error(), again.Error())
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	cause := errors.New("enough")
	cancel(cause)
	_, err := p.Compile(seccomp.Within(ctx, seccomp.Limits{}))
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, cause)
	require.NotErrorIs(t, err, bpf.ErrTooLong)
	_, err = p.Compile(seccomp.Within(context.Background(), seccomp.Limits{}))
	require.NoError(t, err)
}
