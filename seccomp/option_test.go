// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// manyCalls denies some calls among many.
func manyCalls() *seccomp.Policy {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.X86_64}, Default: seccomp.Allow}
	for i := range uint32(34) {
		p.Rules = append(p.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: 13 * i, To: 13*i + i%5/4}}, Action: seccomp.Errno(1)})
	}
	return p
}

func steps(f seccomp.Filter, nr uint32) int {
	c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
	d, n := seccompdata.Of(c.Audit, c.Nr, c.IP, &c.Args), 0
	f[0].Trace(&d, func(int) { n++ })
	return n
}

func TestGoals(t *testing.T) {
	p := manyCalls()
	compile := func(opts ...seccomp.Option) (size, path int) {
		filter, err := proof.Compile(p, opts...)
		require.NoError(t, err)
		for nr := range uint32(471) {
			c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
			require.Equal(t, p.Evaluate(&c), filter.Run(&c))
			path += steps(filter, nr)
		}
		return len(filter[0]), path
	}
	short, shortPath := compile(seccomp.FewestInstructions())
	long, longPath := compile(seccomp.ShortestPaths())
	between, betweenPath := compile()
	assert.Less(t, short, long)
	assert.Less(t, longPath, shortPath)
	assert.True(t, short <= between && between <= long, "%d, %d, %d instructions", short, between, long)
	assert.Less(t, betweenPath, shortPath)
}

func TestWeights(t *testing.T) {
	p := manyCalls()
	plain, err := p.Compile()
	require.NoError(t, err)
	for _, name := range []string{"getcwd", "io_destroy", "accept4"} {
		nr, _ := arch.X86_64.Number(name)
		hot, err := proof.Compile(p, seccomp.Weights(map[string]uint64{name: 1 << 63, "read": 1 << 62, "no_such_call": ^uint64(0)}))
		require.NoError(t, err)
		assert.Less(t, steps(hot, nr), steps(plain, nr), "%s has a shorter path", name)
		c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
		assert.Equal(t, p.Evaluate(&c), hot.Run(&c))
	}
	for name, counts := range map[string]map[string]uint64{"none": nil, "empty": {}, "of nothing": {"read": 0}} {
		filter, err := proof.Compile(p, seccomp.Weights(counts))
		require.NoError(t, err, name)
		require.Len(t, filter, 1, name)
	}
}

func TestProved(t *testing.T) {
	p := manyCalls()
	plain, err := p.Compile()
	require.NoError(t, err)
	proved, err := proof.Compile(p)
	require.NoError(t, err)
	assert.Equal(t, plain, proved)
	_, err = proof.Compile((&seccomp.Policy{Default: 7}))
	assert.ErrorIs(t, err, seccomp.ErrPolicy)
}
