// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"testing"

	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/stretchr/testify/require"
)

// TestArgsOf: the conditions for a set of values hold for those values alone.
func TestArgsOf(t *testing.T) {
	const low = uint64(diagram.MaxWord)
	tests := map[string]struct {
		set  diagram.Masked
		want int // conditions
	}{
		"anything":                          {diagram.Masked{}, 0},
		"a value":                           {diagram.Masked{Mask: ^uint64(0), From: 5, To: 5}, 1},
		"bits":                              {diagram.Masked{Mask: 6, From: 4, To: 4}, 1},
		"a range":                           {diagram.Masked{Mask: ^uint64(0), From: 5, To: 1 << 32}, 2},
		"a range from 0":                    {diagram.Masked{Mask: ^uint64(0), From: 0, To: 1 << 32}, 1},
		"a range of the lower half":         {diagram.Masked{Mask: low, From: 5, To: 255}, 2},
		"a range of the upper half":         {diagram.Masked{Mask: low << 32, From: 1 << 32, To: 5 << 32}, 2},
		"a value above, a range below":      {diagram.Masked{Mask: ^uint64(0), From: 1<<32 | 5, To: 1<<32 | 255}, 2},
		"bits above and a range below":      {diagram.Masked{Mask: 1<<63 | low, From: 1<<63 | 5, To: 1<<63 | 255}, 3},
		"the largest value alone":           {diagram.Masked{Mask: ^uint64(0), From: 1<<64 - 1, To: 1<<64 - 1}, 1},
		"all values up to the largest half": {diagram.Masked{Mask: low, From: 0, To: low}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			args := argsOf(tt.set, 2, ^uint64(0))
			require.Len(t, args, tt.want)
			for _, x := range boundary.Edges() {
				want := tt.set.From <= x&tt.set.Mask && x&tt.set.Mask <= tt.set.To
				require.Equal(t, want, boundary.Hold(args, x), "%#x", x)
			}
		})
	}
}

func TestJoinAdjacent(t *testing.T) {
	one := func(index int, from, to uint64) box {
		var b box
		b[index][0] = diagram.Masked{Mask: ^uint64(0), From: from, To: to}
		return b
	}
	tests := map[string]struct{ list, want []box }{
		"none":                         {nil, nil},
		"adjacent":                     {[]box{one(0, 5, 9), one(0, 1, 4)}, []box{one(0, 1, 9)}},
		"three":                        {[]box{one(0, 1, 1), one(0, 2, 2), one(0, 3, 3)}, []box{one(0, 1, 3)}},
		"with a gap":                   {[]box{one(0, 1, 4), one(0, 6, 9)}, []box{one(0, 1, 4), one(0, 6, 9)}},
		"of different arguments":       {[]box{one(0, 1, 4), one(1, 5, 9)}, []box{one(1, 5, 9), one(0, 1, 4)}},
		"the largest does not wrap":    {[]box{one(0, 1<<64-1, 1<<64-1), one(0, 1, 4)}, []box{one(0, 1, 4), one(0, 1<<64-1, 1<<64-1)}},
		"an upper half is a range too": {[]box{{{{Mask: uint64(diagram.MaxWord) << 32}}}, one(0, 1<<32, 1<<32)}, []box{one(0, 0, 1<<32)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, tt.want, joinAdjacent(tt.list)) })
	}
}
