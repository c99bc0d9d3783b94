// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"
)

// valuePolicy allows ioctl for n values of an argument, none next to another, and
// gives the calls for which ask is true to a supervisor.
func valuePolicy(n int, ask func(i int) bool) *seccomp.Policy {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1)}
	for i := range n {
		r := seccomp.Rule{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: uint64(i) * 3}}, Action: seccomp.Allow}
		if ask != nil && ask(i) {
			r.Action = seccomp.Notify
		}
		p.Rules = append(p.Rules, r)
	}
	return p
}

// TestStack holds filters that need several programs to their policies.
func TestStack(t *testing.T) {
	never := func(int) bool { return false }
	calls := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X86, arch.AArch64}, Default: seccomp.Allow, BadArch: seccomp.KillProcess}
	for i := range uint32(1500) {
		calls.Rules = append(calls.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: 2 * i, To: 2 * i}}, Action: seccomp.Errno(uint16(i % 4000))})
	}
	tests := map[string]struct {
		policy   *seccomp.Policy
		programs int
	}{
		"one program is enough":               {valuePolicy(3000, nil), 1},
		"values of one argument":              {valuePolicy(10000, nil), 3},
		"calls of three ABIs":                 {calls, 3},
		"a few calls are for a supervisor":    {valuePolicy(10000, func(i int) bool { return i%100 == 0 }), 4},
		"none is":                             {valuePolicy(10000, never), 3},
		"all that are not denied are":         {valuePolicy(3000, func(int) bool { return true }), 1},
		"a supervisor is asked in the middle": {valuePolicy(10000, func(i int) bool { return i >= 4000 && i < 6000 }), 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			filter, err := tt.policy.Compile()
			require.NoError(t, err)
			require.GreaterOrEqual(t, len(filter), tt.programs)
			require.LessOrEqual(t, len(filter), tt.programs+2)
			program, err := filter.Program()
			if tt.programs == 1 {
				require.NoError(t, err)
				require.Equal(t, filter[0], program)
			} else {
				require.ErrorIs(t, err, bpf.ErrTooLong)
				require.ErrorContains(t, err, fmt.Sprintf("a stack of %d programs", len(filter)))
				require.Nil(t, program)
			}
			asks := 0
			for _, program := range filter {
				require.NoError(t, program.Check())
				if slices.ContainsFunc(program, func(i xbpf.RawInstruction) bool { return i.Op == 6 && i.K == uint32(seccomp.Notify) }) {
					asks++
				}
			}
			require.LessOrEqual(t, asks, 1, "only one program may ask the supervisor")
			require.NoError(t, proof.Prove(filter, tt.policy))
			sample(t, tt.policy, filter)
		})
	}
}

// sample compares at random calls near the policy's constants: comparing at all of
// them takes the square of the rules.
func sample(t *testing.T, p *seccomp.Policy, filter seccomp.Filter) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 300 {
		c := seccomp.Call{Audit: p.Arches[r.IntN(len(p.Arches))].Audit(), Nr: 16}
		rule := p.Rules[r.IntN(len(p.Rules))]
		if len(rule.Numbers) > 0 {
			c.Nr = rule.Numbers[0].From + r.Uint32N(3) - 1
		}
		for _, a := range rule.Args {
			c.Args[a.Index] = a.Value + r.Uint64N(3) - 1 + r.Uint64N(2)<<32
		}
		if r.IntN(20) == 0 {
			c.Audit++
		}
		require.Equal(t, p.Evaluate(&c), filter.Run(&c), "%+v", c)
	}
}

// TestStackLocksLast: where the policy denies seccomp(2), the program that does so
// is installed last.
func TestStackLocksLast(t *testing.T) {
	for _, name := range []string{"seccomp", "read"} {
		p := valuePolicy(10000, nil)
		p.Default = seccomp.Allow
		for i := range p.Rules {
			p.Rules[i].Action = seccomp.Errno(2)
		}
		p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{name}, Action: seccomp.KillProcess})
		filter, err := p.Compile()
		require.NoError(t, err)
		require.Greater(t, len(filter), 2)
		nr, _ := arch.X86_64.Number("seccomp")
		c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr, Args: [6]uint64{1}}
		require.Equal(t, seccomp.Allow, filter[:len(filter)-1].Run(&c))
		require.Equal(t, p.Evaluate(&c), filter.Run(&c))
		require.NoError(t, proof.Prove(filter, p))
	}
}

func TestStackTooLong(t *testing.T) {
	_, err := valuePolicy(10000, func(int) bool { return true }).Compile()
	require.ErrorIs(t, err, bpf.ErrTooLong)
	require.ErrorContains(t, err, "ask a supervisor")
	_, err = valuePolicy(40000, nil).Compile()
	require.ErrorIs(t, err, bpf.ErrTooLong)
	require.ErrorContains(t, err, "takes 32768")
}

// BenchmarkCompileValues shows what a value in a list costs as lists grow.
func BenchmarkCompileValues(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		p := valuePolicy(n, nil)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Compile(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/value")
		})
	}
}

// BenchmarkCompileArches shows what an ABI costs.
func BenchmarkCompileArches(b *testing.B) {
	all := arch.All()
	for _, n := range []int{1, 2, 4, 8, 16} {
		p := &seccomp.Policy{Arches: all[:n], Default: seccomp.Errno(1)}
		for _, name := range rig.SomeCalls {
			p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{name}, Action: seccomp.Allow})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Compile(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/ABI")
		})
	}
}
