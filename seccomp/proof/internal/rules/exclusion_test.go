// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/stretchr/testify/require"
)

// TestApart: conditions that are said to exclude each other have no input in common. That
// others overlap is not said; but of simple values it must be seen.
func TestApart(t *testing.T) {
	var list []seccomp.Arg
	for _, v := range []uint64{0, 5, 6, 1<<32 | 5, 1<<64 - 1} {
		list = append(list, boundary.Conditions(v)...)
	}
	seen := 0
	for _, abi := range []arch.Arch{arch.X86_64, arch.X86} {
		g := symbolic.New(symbolic.LittleEndian(), symbolic.Limits{})
		for _, x := range list {
			for _, y := range list {
				if !apart(abi, x, y) {
					continue
				}
				seen++
				require.Equal(t, symbolic.Node(symbolic.False), diagram.Matches(g, abi, []seccomp.Arg{x, y}), "%v: %+v and %+v", abi, x, y)
			}
		}
	}
	require.Greater(t, seen, 500)
	arg := func(op seccomp.Op, v uint64) seccomp.Arg { return seccomp.Arg{Op: op, Value: v} }
	require.True(t, apart(arch.X86_64, arg(seccomp.EQ, 5), arg(seccomp.EQ, 6)))
	require.True(t, apart(arch.X86_64, arg(seccomp.LT, 5), arg(seccomp.GE, 5)))
	require.False(t, apart(arch.X86_64, arg(seccomp.LE, 5), arg(seccomp.GE, 5)))
}
