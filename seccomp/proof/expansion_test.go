// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSpanning: the conditions hold from one value to the other and nowhere else.
func TestSpanning(t *testing.T) {
	for _, from := range edges() {
		for _, to := range edges() {
			if from > to {
				continue
			}
			args := spanning(2, from, to, 1<<64-1, false)
			require.LessOrEqual(t, len(args), 2)
			for _, a := range args {
				require.False(t, a.Narrow)
			}
			for _, x := range []uint64{0, from - 1, from, to, to + 1, 1<<64 - 1} {
				require.Equal(t, from <= x && x <= to, holdFor(args, x), "%#x..%#x of %#x", from, to, x)
			}
		}
	}
	for _, x := range []uint64{1<<32 | 4, 1<<32 | 5, 9, 10} {
		low := x & uint64(maxWord)
		require.Equal(t, 5 <= low && low <= 9, holdFor(spanning(2, 5, 9, uint64(maxWord), true), x), "%#x", x)
		require.Equal(t, low == 5, holdFor(spanning(2, 5, 5, uint64(maxWord), true), x), "%#x", x)
	}
}
