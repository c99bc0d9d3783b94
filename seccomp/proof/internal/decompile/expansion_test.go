// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"testing"

	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/stretchr/testify/require"
)

// TestSpanning: the conditions hold from one value to the other and nowhere else.
func TestSpanning(t *testing.T) {
	for _, from := range boundary.Edges() {
		for _, to := range boundary.Edges() {
			if from > to {
				continue
			}
			args := spanning(2, from, to, 1<<64-1, false)
			require.LessOrEqual(t, len(args), 2)
			for _, a := range args {
				require.False(t, a.Narrow)
			}
			for _, x := range []uint64{0, from - 1, from, to, to + 1, 1<<64 - 1} {
				require.Equal(t, from <= x && x <= to, boundary.Hold(args, x), "%#x..%#x of %#x", from, to, x)
			}
		}
	}
	for _, x := range []uint64{1<<32 | 4, 1<<32 | 5, 9, 10} {
		low := x & uint64(diagram.MaxWord)
		require.Equal(t, 5 <= low && low <= 9, boundary.Hold(spanning(2, 5, 9, uint64(diagram.MaxWord), true), x), "%#x", x)
		require.Equal(t, low == 5, boundary.Hold(spanning(2, 5, 5, uint64(diagram.MaxWord), true), x), "%#x", x)
	}
}
