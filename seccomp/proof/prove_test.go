// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// returns is a program of one return.
func returns(a seccomp.Action) bpf.Program { return bpf.Program{{Op: 0x06, K: uint32(a)}} }

// only is a program that returns yes for a number, and no for others.
func only(nr uint32, yes, no seccomp.Action) bpf.Program {
	return bpf.Program{{Op: 0x20}, {Op: 0x15, Jf: 1, K: nr}, {Op: 0x06, K: uint32(yes)}, {Op: 0x06, K: uint32(no)}}
}

// computes is a program that returns the low half of argument 0, changed by ins.
func computes(ins ...xbpf.RawInstruction) bpf.Program {
	p := bpf.Program{{Op: 0x20, K: 16}}
	p = append(p, ins...)
	return append(p, bpf.Program{{Op: 0x16}}...)
}

func always(a seccomp.Action) *seccomp.Policy { return &seccomp.Policy{BadArch: a} }

// TestProve: the filters are written by hand, so that what is compared is what
// the kernel does, whoever made the filter.
func TestProve(t *testing.T) {
	readOnly := &seccomp.Policy{
		Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Errno(1), BadArch: seccomp.Errno(1),
		Rules: []seccomp.Rule{{Syscalls: []string{"read"}, Action: seccomp.Allow}},
	}
	readProgram := bpf.Program{
		{Op: 0x20, K: 4}, {Op: 0x15, Jf: 3, K: arch.X86_64.Audit()},
		{Op: 0x20}, {Op: 0x15, Jf: 1}, {Op: 0x06, K: uint32(seccomp.Allow)}, {Op: 0x06, K: uint32(seccomp.Errno(1))},
	}
	mask := xbpf.RawInstruction{Op: 0x54, K: 0xfff}
	asErrno := xbpf.RawInstruction{Op: 0x44, K: 0x50000}
	tests := map[string]struct {
		filter seccomp.Filter
		policy *seccomp.Policy
		want   string // of the counterexample, "" for none
	}{
		"a filter and its policy":         {seccomp.Filter{readProgram}, readOnly, ""},
		"no program allows all":           {nil, always(seccomp.Allow), ""},
		"no program denies nothing":       {nil, always(seccomp.Errno(1)), "AUDIT_ARCH 0x0 call 0 (0x0, 0x0, 0x0, 0x0, 0x0, 0x0): the policy says ERRNO(1) (bad arch), the filter ALLOW after no instructions"},
		"one errno, another":              {seccomp.Filter{returns(seccomp.Errno(2))}, always(seccomp.Errno(1)), "the filter ERRNO(2) after 1 instructions"},
		"errnos are capped":               {seccomp.Filter{returns(0x5ffff)}, always(seccomp.Errno(4095)), ""},
		"an unknown action kills":         {seccomp.Filter{returns(0x12345678)}, always(seccomp.KillProcess), ""},
		"ALLOW's data is not read":        {seccomp.Filter{returns(seccomp.Allow | 5)}, always(seccomp.Allow), ""},
		"USER_NOTIF's data is not read":   {seccomp.Filter{returns(seccomp.Notify | 5)}, always(seccomp.Notify), ""},
		"TRACE's data is read":            {seccomp.Filter{returns(seccomp.Trace(5))}, always(seccomp.Trace(4)), "the filter TRACE(5)"},
		"TRAP's data is read":             {seccomp.Filter{returns(seccomp.Trap(5))}, always(seccomp.Trap(4)), "the filter TRAP(5)"},
		"KILL_THREAD is not KILL_PROCESS": {seccomp.Filter{returns(seccomp.KillThread)}, always(seccomp.KillProcess), "the policy says KILL_PROCESS"},
		"a filter that forgets x32": {
			seccomp.Filter{bpf.Program{{Op: 0x20, K: 4}, {Op: 0x15, Jf: 1, K: arch.X86_64.Audit()}, {Op: 0x06, K: uint32(seccomp.Allow)}, {Op: 0x06}}},
			&seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow},
			"x32 read (1073741824) (0x0, 0x0, 0x0, 0x0, 0x0, 0x0): the policy says KILL_THREAD (bad arch), the filter ALLOW after 3 instructions",
		},
		"a filter that looks at the instruction pointer": {
			seccomp.Filter{bpf.Program{{Op: 0x20, K: 12}, {Op: 0x15, Jt: 1, K: 7}, {Op: 0x06, K: uint32(seccomp.Allow)}, {Op: 0x06}}},
			always(seccomp.Allow), "at 0x7: the policy says ALLOW",
		},
		"a stack: the most restrictive answer": {
			seccomp.Filter{only(1, seccomp.Errno(1), seccomp.Allow), returns(seccomp.Log)},
			&seccomp.Policy{Arches: arch.All(), Default: seccomp.Log, BadArch: seccomp.Log, Rules: []seccomp.Rule{{Numbers: []seccomp.Range{{From: 1, To: 1}}, Action: seccomp.Errno(1)}}},
			"AUDIT_ARCH 0x0 call 1",
		},
		"a stack: of equal ones, that installed last": {
			seccomp.Filter{returns(seccomp.Errno(1)), returns(seccomp.Errno(2))}, always(seccomp.Errno(2)), "",
		},
		"a stack: not that installed first": {
			seccomp.Filter{returns(seccomp.Errno(1)), returns(seccomp.Errno(2))}, always(seccomp.Errno(1)), "the filter ERRNO(2) after 1 and 1 instructions",
		},
		"a stack: ranks come before caps":       {seccomp.Filter{returns(0x5ffff), returns(seccomp.Errno(3))}, always(seccomp.Errno(3)), ""},
		"a stack: an unknown action below TRAP": {seccomp.Filter{returns(0x10000), returns(seccomp.Trap(3))}, always(seccomp.KillProcess), ""},
		"a stack: an unknown action above LOG":  {seccomp.Filter{returns(0x7ffd0000), returns(seccomp.Log)}, always(seccomp.Log), ""},
		"an errno out of an argument":           {seccomp.Filter{computes(mask, asErrno)}, always(seccomp.Errno(0)), "(0x100000000, 0x0"},
		"any value out of an argument":          {seccomp.Filter{computes()}, always(seccomp.KillProcess), "the policy says KILL_PROCESS"},
		"any value, but one above every errno": {
			seccomp.Filter{computes(xbpf.RawInstruction{Op: 0x54, K: 0xfff}, xbpf.RawInstruction{Op: 0x44, K: 0x5f000})}, always(seccomp.Errno(4095)), "",
		},
		"a computed answer in a stack": {
			seccomp.Filter{computes(xbpf.RawInstruction{Op: 0x44, K: 0x7fff0000}), returns(seccomp.Errno(3))}, always(seccomp.Errno(3)), "the policy says ERRNO(3)",
		},
		"a computed answer in a stack that never wins": {
			seccomp.Filter{computes(xbpf.RawInstruction{Op: 0x54, K: 0xffff}, xbpf.RawInstruction{Op: 0x44, K: 0x7ffc0000}), returns(seccomp.Errno(3))}, always(seccomp.Errno(3)), "",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			err := proof.Prove(tt.filter, tt.policy)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			var c *proof.Counterexample
			require.ErrorAs(t, err, &c)
			require.ErrorContains(t, err, tt.want)
			require.Equal(t, tt.policy.Explain(&c.Call), c.Policy)
			require.Equal(t, tt.filter.Run(&c.Call), c.Filter)
			require.Len(t, c.Steps, len(tt.filter))
			for _, steps := range c.Steps {
				require.NotEmpty(t, steps)
				require.Zero(t, steps[0])
			}
		})
	}
}

// TestProveRefuses: what has no meaning is not compared.
func TestProveRefuses(t *testing.T) {
	require.ErrorIs(t, proof.Prove(seccomp.Filter{returns(0)}, always(0x12340000)), seccomp.ErrPolicy)
	require.ErrorIs(t, proof.Prove(seccomp.Filter{returns(0), bpf.Program{{Op: 0x20}}}, always(0)), bpf.ErrInvalid)
	require.ErrorContains(t, proof.Prove(seccomp.Filter{returns(0), bpf.Program{{Op: 0x20}}}, always(0)), "program 1: ")
	shift := bpf.Program{{Op: 0x20, K: 4}, {Op: 0x07}, {Op: 0x20, K: 16}, {Op: 0x6c}, {Op: 0x54}, {Op: 0x15, Jf: 1}, {Op: 0x06}, {Op: 0x06, K: 0x50001}}
	require.NoError(t, proof.Prove(seccomp.Filter{shift}, always(0)), "its result does not matter")
	shift[4].K = 1 // below 32 that bit is 0, unless the amount is 0
	shift[2].K = 0
	shift = append(bpf.Program{{Op: 0x20, K: 4}, {Op: 0x15, Jt: 1}, {Op: 0x05, K: 1}, {Op: 0x06}, {Op: 0x25, Jt: 1, K: 31}, {Op: 0x06}}, shift...)
	require.ErrorIs(t, proof.Prove(seccomp.Filter{shift}, always(0)), proof.ErrUndecided)
}

// TestProveRandom proves what the compiler makes of random policies.
func TestProveRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	proved := 0
	for range 600 {
		seed := rig.RandomSeed(r, 8+r.IntN(200))
		p := rig.PolicyFrom(seed)
		filter, err := p.Compile()
		if errors.Is(err, bpf.ErrTooLong) {
			continue
		}
		require.NoError(t, err)
		if err := proof.Prove(filter, p); err != nil {
			t.Fatalf("%v\n%v", rig.Describe(p), err)
		}
		proved++
	}
	require.Greater(t, proved, 500)
}

// TestProveOtherRules changes a policy: what no longer is the filter's must be
// found, and be true.
func TestProveOtherRules(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	found := 0
	for range 400 {
		seed := rig.RandomSeed(r, 8+r.IntN(100))
		p, q := rig.PolicyFrom(seed), rig.PolicyFrom(seed)
		if len(q.Rules) == 0 {
			continue
		}
		switch rule := &q.Rules[r.IntN(len(q.Rules))]; {
		case len(rule.Args) == 0:
			rule.Action = seccomp.Trap(99)
		case r.IntN(2) == 0:
			rule.Args[0].Value++
		default:
			rule.Args[0].Narrow = !rule.Args[0].Narrow
		}
		filter, err := p.Compile()
		if errors.Is(err, bpf.ErrTooLong) {
			continue
		}
		require.NoError(t, err)
		err = proof.Prove(filter, q)
		var c *proof.Counterexample
		switch {
		case errors.As(err, &c):
			found++
			if q.Evaluate(&c.Call) == p.Evaluate(&c.Call) {
				t.Fatalf("%v: no counterexample: %v\n%v", rig.Describe(p), err, rig.Describe(q))
			}
		case err != nil:
			t.Fatal(err)
		}
	}
	require.Greater(t, found, 100)
}

// TestTokens holds what the prover takes for granted: an AUDIT_ARCH token belongs
// to one ABI, but for that of x86_64, which is x32's from one number to another.
func TestTokens(t *testing.T) {
	r := rand.New(rand.NewPCG(25, 26))
	for _, a := range arch.All() {
		require.NotContains(t, []uint32{0, 1<<32 - 1}, a.Audit())
		numbers := []uint32{0, 1, a.Base() - 1, a.Base(), a.Base() + 1, 1<<30 - 1, 1 << 30, 1<<31 - 1, 1 << 31, 1<<32 - 2, 1<<32 - 1}
		for range 1000 {
			numbers = append(numbers, r.Uint32())
		}
		for _, nr := range numbers {
			want := a
			if a == arch.X86_64 || a == arch.X32 {
				if want = arch.X86_64; nr >= arch.X32.Base() && nr != 1<<32-1 {
					want = arch.X32
				}
			}
			got, ok := arch.Of(a.Audit(), nr)
			require.True(t, ok)
			require.Equal(t, want, got, "%v, number %d", a, nr)
		}
	}
}

// fuzzChanged fuzzes what is made of a policy's filter of which an instruction was
// changed.
func fuzzChanged(f *testing.F, check func(*testing.T, *seccomp.Policy, seccomp.Filter)) {
	f.Add([]byte{0, 1, 2, 3}, uint16(3), uint16(0x15), uint32(1))
	f.Add([]byte("a policy of sixteen rules or so, made of the bytes of this sentence and of this one"), uint16(9), uint16(0x2c), uint32(0))
	f.Fuzz(func(t *testing.T, seed []byte, at, op uint16, k uint32) {
		p := rig.PolicyFrom(seed)
		filter, err := p.Compile()
		if err != nil {
			t.Skip(err)
		}
		i := &filter[0][int(at)%len(filter[0])]
		i.Op, i.K = opcodes[int(op)%len(opcodes)], i.K^k
		if filter[0].Check() == nil {
			check(t, p, filter)
		}
	})
}

// FuzzProve changes an instruction of a filter: the prover must find out, or be
// right that it makes no difference.
func FuzzProve(f *testing.F) {
	fuzzChanged(f, func(t *testing.T, p *seccomp.Policy, filter seccomp.Filter) {
		var c *proof.Counterexample
		switch err := proof.Prove(filter, p); {
		case errors.As(err, &c):
			if kernel(filter.Run(&c.Call)) == kernel(p.Evaluate(&c.Call)) {
				t.Fatalf("no counterexample: %v", err)
			}
		case errors.Is(err, proof.ErrUndecided):
		case err != nil:
			t.Fatal(err)
		default:
			for c := range boundary.Calls(p) {
				if kernel(filter.Run(c)) != kernel(p.Evaluate(c)) {
					t.Fatalf("proved, but %+v: %v, want %v", *c, filter.Run(c), p.Evaluate(c))
				}
			}
		}
	})
}
