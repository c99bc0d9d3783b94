// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// outcome is what becomes of a call: an action, where Log comes to the same as
// Allow.
func outcome(a seccomp.Action) seccomp.Action {
	if a == seccomp.Log {
		return seccomp.Allow
	}
	return a
}

// TestSupervised holds that the supervised filter and the supervisor do together
// what the policy means, for random policies and calls near their constants.
func TestSupervisedPolicy(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	explained, asked := 0, 0
	for range 300 {
		seed := make([]byte, random.IntN(300))
		for i := range seed {
			seed[i] = byte(random.IntN(256))
		}
		p := rig.PolicyFrom(seed)
		asks := p.Default == seccomp.Notify || p.BadArch == seccomp.Notify
		for i := range p.Rules {
			asks = asks || p.Rules[i].Action == seccomp.Notify
			if random.IntN(8) == 0 {
				p.Rules[i].Syscalls = append(p.Rules[i].Syscalls, "seccomp")
			}
		}
		if asks {
			_, err := supervisedPolicy(p)
			require.ErrorIs(t, err, ErrSupervise)
			require.ErrorIs(t, err, seccomp.ErrPolicy)
			if random.IntN(10) > 0 { // most do: make another of it
				strip(p)
			}
		}
		s, err := supervisedPolicy(p)
		if errors.Is(err, ErrSupervise) {
			continue
		}
		require.NoError(t, err)
		explained++
		filter, err := proof.Compile(s)
		if errors.Is(err, bpf.ErrTooLong) {
			continue
		}
		require.NoError(t, err)
		for range 300 {
			c := someCall(random, p)
			meant := p.Explain(c)
			v := newView(p, c)
			require.Equal(t, meant, v.explain(c), "%+v", c)
			got := filter.Run(c)
			if got == seccomp.Notify {
				asked++
				got = outcome(meant.Action) // what the supervisor does
				kind := meant.Action.Kind()
				require.True(t, kind == seccomp.Errno(0) || meant.Action == seccomp.Log || isListener(c), "%v: %+v", meant, c)
			} else {
				require.NotEqual(t, seccomp.Log, got)
				require.NotEqual(t, seccomp.Errno(0), got.Kind())
			}
			require.Equal(t, outcome(p.Evaluate(c)), got, "%+v", c)
			// Nothing that tells denials apart is lost.
			other := *c
			for i := range other.Args {
				other.Args[i] = c.Args[i]&v.bits[i] | random.Uint64()&^v.bits[i]
			}
			require.Equal(t, meant, p.Explain(&other), "%+v %+v", c, other)
		}
	}
	require.Greater(t, explained, 100)
	require.Greater(t, asked, 1000)
}

// strip makes a policy ask nobody.
func strip(p *seccomp.Policy) {
	for _, a := range []*seccomp.Action{&p.Default, &p.BadArch} {
		if *a == seccomp.Notify {
			*a = seccomp.Allow
		}
	}
	for i := range p.Rules {
		if p.Rules[i].Action == seccomp.Notify {
			p.Rules[i].Action = seccomp.Errno(11)
		}
	}
}

// isListener says whether a call asks for a listener.
func isListener(c *seccomp.Call) bool {
	a, ok := arch.Of(c.Audit, c.Nr)
	nr, has := a.Number("seccomp")
	return ok && has && c.Nr == nr && uint32(c.Args[0]) == 1 && uint32(c.Args[1])&uint32(seccomp.NewListener) != 0
}

// someCall is a call that a policy has something to say about, more often than not.
func someCall(random *rand.Rand, p *seccomp.Policy) *seccomp.Call {
	abi := p.Arches[random.IntN(len(p.Arches))]
	c := &seccomp.Call{Audit: abi.Audit(), Nr: abi.Base() + uint32(random.IntN(450))}
	if random.IntN(20) == 0 {
		c.Audit = random.Uint32()
	}
	if len(p.Rules) == 0 {
		return c
	}
	r := &p.Rules[random.IntN(len(p.Rules))]
	if len(r.Syscalls) > 0 {
		if nr, ok := abi.Number(r.Syscalls[random.IntN(len(r.Syscalls))]); ok {
			c.Nr = nr
		}
	} else if len(r.Numbers) > 0 {
		c.Nr = r.Numbers[0].From
	}
	for i := range c.Args {
		c.Args[i] = []uint64{0, 1, 8, random.Uint64(), 1<<32 | 1}[random.IntN(5)]
	}
	for _, a := range r.Args {
		c.Args[a.Index] = a.Value + uint64(random.IntN(3)) - 1
	}
	return c
}
