// SPDX-License-Identifier: Apache-2.0

package document

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

func TestMachine(t *testing.T) {
	require.Zero(t, Machine(nil))
	require.Zero(t, Machine(new(seccomp.Policy)))
	for name, tt := range map[string]struct {
		list []arch.Arch
		want arch.Arch
	}{
		"one":                  {[]arch.Arch{arch.S390X}, arch.S390X},
		"the first of several": {[]arch.Arch{arch.X32, arch.X86_64, arch.X86}, arch.X32},
	} {
		require.Equal(t, tt.want, Machine(&seccomp.Policy{Arches: tt.list}), name)
	}
}
