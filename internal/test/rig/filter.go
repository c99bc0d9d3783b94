// SPDX-License-Identifier: Apache-2.0

package rig

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Compiled is the policy's filter, or the filters of several as one stack.
func Compiled(t testing.TB, policies ...*seccomp.Policy) seccomp.Filter {
	var stack seccomp.Filter
	for _, p := range policies {
		f, err := p.Compile()
		require.NoError(t, err)
		require.NoError(t, proof.Prove(f, p))
		stack = append(stack, f...)
	}
	return stack
}
