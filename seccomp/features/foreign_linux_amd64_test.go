// SPDX-License-Identifier: Apache-2.0

package features

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
)

// TestProbeABIs compares the answers with what becomes of a child that makes calls
// of the ABI. How the kernel was built (/proc/config.gz) does not tell: it may have
// been started without.
func TestProbeABIs(t *testing.T) {
	f, err := Probe()
	require.NoError(t, err)
	require.Len(t, f.ABIs, 3)
	for abi, has := range map[arch.Arch]kerneltest.Feature{arch.X86: kerneltest.I386, arch.X32: kerneltest.X32} {
		got, ok := f.ABIs[abi]
		require.True(t, ok)
		if f.Filtered {
			assert.Equal(t, Unknown, got, "what a filter may do with a foreign call is too much")
			continue
		}
		lacks := has()
		if lacks != nil && got == Unknown {
			continue // it has no word on that ABI at all
		}
		assert.Equal(t, lacks == nil, got == Yes, "%v", lacks)
	}
}
