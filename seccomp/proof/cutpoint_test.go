// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// crowds are kinds of rules for one call of which the program is linear in their number
// and a diagram of them all is not. The number is the most, or nearly, that
// is compiled within 4,096 instructions.
var crowds = map[string]struct {
	most int
	rule func(r *rand.Rand, i int) seccomp.Rule
}{
	"EQ over six arguments, own errnos": {760, func(r *rand.Rand, i int) seccomp.Rule {
		return one(i, seccomp.Arg{Index: i % 6, Op: seccomp.EQ, Value: uint64(i + 1)})
	}},
	"EQ over six arguments, one errno": {700, func(r *rand.Rand, i int) seccomp.Rule {
		return one(0, seccomp.Arg{Index: i % 6, Op: seccomp.EQ, Value: uint64(i + 1)})
	}},
	"EQ over six arguments, errnos by 40": {900, func(r *rand.Rand, i int) seccomp.Rule {
		return one(i/40, seccomp.Arg{Index: i % 6, Op: seccomp.EQ, Value: r.Uint64N(1 << 40)})
	}},
	"ranges over six arguments":            {360, func(r *rand.Rand, i int) seccomp.Rule { return one(i, between(i%6, r.Uint64N(1<<40), 1<<20)...) }},
	"masks of 64 bits, own errnos":         {570, func(r *rand.Rand, i int) seccomp.Rule { return one(i, masked(0, r.Uint64(), r.Uint64())) }},
	"masks of 64 bits, one errno":          {600, func(r *rand.Rand, i int) seccomp.Rule { return one(0, masked(0, r.Uint64(), r.Uint64())) }},
	"masks of 32 bits, own errnos":         {1000, func(r *rand.Rand, i int) seccomp.Rule { return one(i, masked(0, uint64(r.Uint32()), r.Uint64())) }},
	"masks of 32 bits, one errno":          {1300, func(r *rand.Rand, i int) seccomp.Rule { return one(0, masked(0, uint64(r.Uint32()), r.Uint64())) }},
	"masks over six arguments, own errnos": {900, func(r *rand.Rand, i int) seccomp.Rule { return one(i, masked(i%6, uint64(r.Uint32()), r.Uint64())) }},
	"boxes of six dimensions, own errnos":  {75, func(r *rand.Rand, i int) seccomp.Rule { return one(i, crate(r)...) }},
	"boxes of six dimensions, one errno":   {75, func(r *rand.Rand, i int) seccomp.Rule { return one(0, crate(r)...) }},
}

func one(errno int, args ...seccomp.Arg) seccomp.Rule {
	return seccomp.Rule{Syscalls: []string{"ioctl"}, Action: seccomp.Errno(uint16(errno%4000 + 1)), Args: args}
}

func masked(index int, mask, value uint64) seccomp.Arg {
	return seccomp.Arg{Index: index, Op: seccomp.MaskedEQ, Mask: mask, Value: value & mask}
}

func between(index int, from, size uint64) []seccomp.Arg {
	return []seccomp.Arg{{Index: index, Op: seccomp.GE, Value: from}, {Index: index, Op: seccomp.LE, Value: from + size}}
}

func crate(r *rand.Rand) []seccomp.Arg {
	var args []seccomp.Arg
	for k := range 6 {
		args = append(args, between(k, r.Uint64N(1<<32), r.Uint64N(1<<31))...)
	}
	return args
}

func crowd(kind string, n int, abi arch.Arch) *seccomp.Policy {
	r := rand.New(rand.NewPCG(31, 32))
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.Allow}
	for i := range n {
		p.Rules = append(p.Rules, crowds[kind].rule(r, i))
	}
	return p
}

// TestProveCrowds: what Compile makes within one program of rules on one argument at a time,
// it proves with the default limits.
func TestProveCrowds(t *testing.T) {
	for kind, tt := range crowds {
		for _, abi := range []arch.Arch{arch.X86_64, arch.S390X} {
			for _, n := range []int{tt.most / 4, tt.most} {
				if testing.Short() && abi == arch.S390X {
					continue
				}
				t.Run(fmt.Sprintf("%s/%v/%d", kind, abi, n), func(t *testing.T) {
					p := crowd(kind, n, abi)
					filter, err := p.Compile()
					require.NoError(t, err)
					require.Len(t, filter, 1, "the row's number is too large")
					if n == tt.most {
						require.Greater(t, len(filter[0]), 500, "the row's number is too small")
					}
					require.NoError(t, proof.Prove(filter, p))
				})
			}
		}
	}
}

// TestProvePartsCrowds changes an instruction of such a filter: what is proved in
// parts must be equal for the diagram of the whole too, and what is found must differ.
func TestProvePartsCrowds(t *testing.T) {
	r := rand.New(rand.NewPCG(33, 34))
	equal, found := 0, 0
	for _, kind := range slices.Sorted(maps.Keys(crowds)) { // the changes are the same in every run
		p := crowd(kind, 12, arch.X86_64)
		filter, err := p.Compile()
		require.NoError(t, err)
		for range 60 {
			changed := seccomp.Filter{append(bpf.Program(nil), filter[0]...)}
			for range 1 + r.IntN(2) {
				change(&changed[0][r.IntN(len(changed[0]))], r)
			}
			if changed[0].Check() != nil {
				continue
			}
			e, f := holdParts(t, changed, p)
			equal, found = equal+e, found+f
		}
	}
	require.Greater(t, found, 100)
	t.Logf("%d equal, %d found to differ", equal, found)
}

// change changes an instruction a little.
func change(i *xbpf.RawInstruction, r *rand.Rand) {
	switch r.IntN(5) {
	case 0:
		i.K ^= 1 << r.IntN(32)
	case 1:
		i.K += uint32(r.IntN(3)) - 1
	case 2:
		i.Jt, i.Jf = i.Jf, i.Jt
	case 3:
		i.Jt += uint8(r.IntN(7)) - 3
	case 4:
		i.Jf += uint8(r.IntN(7)) - 3
	}
}

// holdParts holds the proof in parts to that of the whole.
func holdParts(t *testing.T, f seccomp.Filter, p *seccomp.Policy) (equal, found int) {
	c, err := proof.InParts(f, p)
	switch {
	case c != nil:
		if kernel(f.Run(c)) == kernel(p.Evaluate(c)) {
			t.Fatalf("%v: no counterexample: %+v", rig.Describe(p), c)
		}
		return 0, 1
	case err == nil:
		require.NoError(t, proof.Whole(f, p), "%v", rig.Describe(p))
		return 1, 0
	}
	return 0, 0
}

// TestProvePartsRandom is the same for random policies, and for filters of others.
func TestProvePartsRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	equal, found := 0, 0
	for range 600 {
		seed := rig.RandomSeed(r, 8+r.IntN(150))
		p, q := rig.PolicyFrom(seed), rig.PolicyFrom(seed)
		if len(q.Rules) > 1 {
			i := r.IntN(len(q.Rules) - 1)
			q.Rules[i], q.Rules[i+1] = q.Rules[i+1], q.Rules[i]
		}
		filter, err := p.Compile()
		if errors.Is(err, bpf.ErrTooLong) {
			continue
		}
		require.NoError(t, err)
		for _, other := range []*seccomp.Policy{p, q} {
			e, f := holdParts(t, filter, other)
			equal, found = equal+e, found+f
		}
	}
	require.Greater(t, equal, 400)
	require.Greater(t, found, 20)
	t.Logf("%d equal, %d found to differ", equal, found)
}
