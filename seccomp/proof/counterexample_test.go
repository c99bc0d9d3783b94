// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

func TestCounterexampleNamesTheCall(t *testing.T) {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.S390X}, Default: seccomp.Allow, BadArch: seccomp.Allow,
		Rules: []seccomp.Rule{{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: 5 << 32}}, Action: seccomp.Errno(1)}}}
	err := proof.Prove(seccomp.Filter{returns(seccomp.Allow)}, p)
	var c *proof.Counterexample
	require.ErrorAs(t, err, &c)
	require.Equal(t, arch.S390X, c.ABI)
	require.Equal(t, "personality", c.Name)
	require.Equal(t, seccomp.Decision{Action: seccomp.Errno(1), By: seccomp.ByRule}, c.Policy)
	require.Equal(t, uint64(5<<32), c.Call.Args[1])
	require.True(t, strings.HasPrefix(err.Error(), "s390x personality (136) (0x0, 0x500000000, 0x0"), err)
}
