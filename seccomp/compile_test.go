// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// agree compiles a policy and holds the filter to Evaluate at every boundary.
func agree(t testing.TB, p *seccomp.Policy) seccomp.Filter {
	t.Helper()
	filter, err := p.Compile()
	if err != nil {
		t.Fatalf("%+v: %v", p, err)
	}
	for _, program := range filter {
		require.NoError(t, program.Check())
	}
	if err := proof.Prove(filter, p); err != nil && !errors.Is(err, proof.ErrUndecided) {
		t.Fatalf("%v\n%v\n%v", rig.Describe(p), err, filter)
	}
	calls := 0
	for c := range boundary.Calls(p) {
		calls++
		if got, want := filter.Run(c), p.Evaluate(c); got != want {
			t.Fatalf("%v\n%+v: filter %v, policy %v\n%v", rig.Describe(p), *c, got, want, filter)
		}
	}
	if calls < 10 {
		t.Fatalf("only %d calls compared", calls)
	}
	return filter
}

// FuzzCompile holds programs to the policies that they came from.
func FuzzCompile(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3})
	f.Add([]byte("a policy of sixteen rules or so, made of the bytes of this sentence and of this one"))
	f.Fuzz(func(t *testing.T, seed []byte) {
		p := rig.PolicyFrom(seed)
		agree(t, p)
	})
}

// TestCompileRandom is FuzzCompile's body on a fixed sequence of random bytes.
func TestCompileRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	n := 50
	if shared.Long() {
		n = 400
	}
	for range n {
		seed := rig.RandomSeed(r, 8+r.IntN(200))
		p := rig.PolicyFrom(seed)
		require.NoError(t, proof.Prove(agree(t, p), p))
	}
}

// TestCompileOperators sweeps every operator over constants at the edges of both
// halves, wide and narrow, on ABIs of both byte orders and word sizes.
func TestCompileOperators(t *testing.T) {
	for _, abi := range []arch.Arch{arch.X86_64, arch.S390X, arch.X86, arch.S390, arch.MIPS64N32, arch.X32} {
		for op := seccomp.EQ; op <= seccomp.MaskedEQ; op++ {
			t.Run(fmt.Sprintf("%v %v", abi, op), func(t *testing.T) {
				for _, value := range rig.SomeValues {
					for _, narrow := range []bool{false, true} {
						for _, mask := range masks(op) {
							agree(t, &seccomp.Policy{
								Arches: []arch.Arch{abi},
								Rules: []seccomp.Rule{{
									Syscalls: []string{"ioctl"},
									Args:     []seccomp.Arg{{Index: 5, Op: op, Value: value, Mask: mask, Narrow: narrow}},
									Action:   seccomp.Allow,
								}},
								Default: seccomp.Errno(1),
							})
						}
					}
				}
			})
		}
	}
}

func masks(op seccomp.Op) []uint64 {
	if op != seccomp.MaskedEQ {
		return []uint64{0}
	}
	return []uint64{0, 1, 0xff, 0xf0, 0xffffffff, 0xffffffff00000000, 0x8000000080000000, 0x7e020000, ^uint64(0)}
}

// TestCompileFar has programs whose targets lie beyond the 255 instructions that
// a conditional jump can skip.
func TestCompileFar(t *testing.T) {
	for _, rules := range []int{60, 120, 240, 255, 256, 257, 300, 500} {
		t.Run(fmt.Sprint(rules), func(t *testing.T) {
			p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64, arch.X32}, Default: seccomp.Errno(1), BadArch: seccomp.KillProcess}
			for i := range rules {
				p.Rules = append(p.Rules, seccomp.Rule{
					Numbers: []seccomp.Range{{From: uint32(2 * i), To: uint32(2 * i)}},
					Args:    []seccomp.Arg{{Index: i % 6, Op: seccomp.GE, Value: uint64(i) << 30}},
					Action:  seccomp.Errno(uint16(i)),
				})
			}
			filter := agree(t, p)
			if rules >= 240 && len(filter[0]) < 512 {
				t.Fatalf("the program has only %d instructions: nothing is far", len(filter[0]))
			}
		})
	}
}

// TestCompileSame gives the same bytes for the same policy, whatever came before.
func TestCompileSame(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 20 {
		seed := rig.RandomSeed(r, 150)
		first, err := proof.Compile(rig.PolicyFrom(seed))
		require.NoError(t, err)
		for range 3 {
			again, err := proof.Compile(rig.PolicyFrom(seed))
			require.NoError(t, err)
			require.Equal(t, first, again)
		}
	}
}

// BenchmarkCompileRules shows that the work does not grow faster than the number of
// rules: on one call, and over many.
func BenchmarkCompileRules(b *testing.B) {
	for _, n := range []int{10, 100, 1000, 10000} {
		many := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1)}
		one := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1)}
		for i := range n {
			many.Rules = append(many.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: uint32(i % 450), To: uint32(i % 450)}}, Action: seccomp.Allow})
			one.Rules = append(one.Rules, seccomp.Rule{Syscalls: []string{"ioctl"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.LE, Value: uint64(i % 450)}}, Action: seccomp.Allow})
		}
		for _, w := range []struct {
			name   string
			policy *seccomp.Policy
		}{{"many-calls", many}, {"one-call", one}} {
			b.Run(fmt.Sprintf("%s/%d", w.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := w.policy.Compile(); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/rule")
			})
		}
	}
}
