// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"math/bits"
	"testing"

	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/stretchr/testify/require"
)

func TestHalved(t *testing.T) {
	for _, mask := range []uint64{1, 3, 0x101, 0xf0f, 1<<63 | 1, 1<<64 - 1} {
		upper, lower := halved(mask)
		require.Equal(t, mask, upper|lower)
		require.Zero(t, upper&lower)
		require.Equal(t, bits.OnesCount64(mask)/2, bits.OnesCount64(lower))
		require.GreaterOrEqual(t, bits.TrailingZeros64(upper), bits.Len64(lower))
	}
}

// TestSubpatterns: each has fewer bits of the same values, and none comes twice.
func TestSubpatterns(t *testing.T) {
	for _, mask := range []uint64{1, 7, 0xff00, 0xf<<32 | 0xf, 1<<40 - 1, 1<<64 - 1} {
		b := pattern{mask, 0x5555555555555555 & mask}
		seen := map[pattern]bool{}
		for _, s := range b.subpatterns() {
			require.False(t, seen[s])
			seen[s] = true
			require.Zero(t, s.mask&^mask)
			require.NotEqual(t, mask, s.mask)
			require.Equal(t, b.value&s.mask, s.value)
		}
		require.True(t, seen[pattern{}], "the empty pattern")
	}
}

func TestPatternArgs(t *testing.T) {
	for _, b := range []pattern{{0, 0}, {6, 4}, {1<<64 - 1, 1<<32 | 5}, {0xff << 32, 5 << 32}} {
		args := b.args(2, 1<<64-1)
		for _, x := range boundary.Edges() {
			require.Equal(t, x&b.mask == b.value, boundary.Hold(args, x), "%+v of %#x", b, x)
		}
	}
}
