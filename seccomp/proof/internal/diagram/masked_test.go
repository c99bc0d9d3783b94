// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"testing"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/stretchr/testify/require"
)

// TestJoin: a number is in the sets of 64 bits if and only if its halves are in theirs.
func TestJoin(t *testing.T) {
	some := []symbolic.Set{{Mask: MaxWord, From: 3, To: 9}}
	values := []symbolic.Set{{Mask: MaxWord, From: 0, To: 0}, {Mask: MaxWord, From: 5, To: 5}}
	bits := []symbolic.Set{{Mask: 6, From: 4, To: 4}}
	halves := [][]symbolic.Set{nil, some, values, bits}
	in := func(sets []symbolic.Set, v uint32) bool {
		for _, s := range sets {
			if s.From <= v&s.Mask && v&s.Mask <= s.To {
				return true
			}
		}
		return sets == nil
	}
	for _, high := range halves {
		for _, low := range halves {
			joined := Join(high, low)
			for _, h := range []uint32{0, 1, 2, 3, 4, 5, 9, 10, MaxWord} {
				for _, l := range []uint32{0, 2, 3, 4, 5, 9, 10, MaxWord} {
					v, all := uint64(h)<<32|uint64(l), true
					for _, list := range joined {
						some := false
						for _, s := range list {
							some = some || s.From <= v&s.Mask && v&s.Mask <= s.To
						}
						all = all && some
					}
					require.Equal(t, in(high, h) && in(low, l), all, "%v and %v: %#x", high, low, v)
				}
			}
		}
	}
	require.Len(t, Join(some, some), 2, "a product of two ranges is no range")
	require.Len(t, Join(values, some), 1)
}
