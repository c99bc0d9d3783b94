// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestMaskedRangeConditions: the conditions for a set of values hold for those values alone.
func TestMaskedRangeConditions(t *testing.T) {
	const low = uint64(maxWord)
	tests := map[string]struct {
		set  MaskedRange
		want int // conditions
	}{
		"anything":                          {MaskedRange{}, 0},
		"a value":                           {MaskedRange{^uint64(0), 5, 5}, 1},
		"bits":                              {MaskedRange{6, 4, 4}, 1},
		"a range":                           {MaskedRange{^uint64(0), 5, 1 << 32}, 2},
		"a range from 0":                    {MaskedRange{^uint64(0), 0, 1 << 32}, 1},
		"a range of the lower half":         {MaskedRange{low, 5, 255}, 2},
		"a range of the upper half":         {MaskedRange{low << 32, 1 << 32, 5 << 32}, 2},
		"a value above, a range below":      {MaskedRange{^uint64(0), 1<<32 | 5, 1<<32 | 255}, 2},
		"bits above and a range below":      {MaskedRange{1<<63 | low, 1<<63 | 5, 1<<63 | 255}, 3},
		"the largest value alone":           {MaskedRange{^uint64(0), 1<<64 - 1, 1<<64 - 1}, 1},
		"all values up to the largest half": {MaskedRange{low, 0, low}, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			args := tt.set.conditions(2, ^uint64(0))
			require.Len(t, args, tt.want)
			for _, x := range edges() {
				want := tt.set.From <= x&tt.set.Mask && x&tt.set.Mask <= tt.set.To
				require.Equal(t, want, holdFor(args, x), "%#x", x)
			}
		})
	}
}

// holdFor says whether conditions hold for a value of argument 2 on x86_64.
func holdFor(args []seccomp.Arg, x uint64) bool {
	g := symbolic.New(symbolic.LittleEndian(), symbolic.Limits{})
	c := encoder{Graph: g}
	data := symbolic.Data((&seccomp.Call{Args: [6]uint64{2: x}, Audit: arch.X86_64.Audit()}).Data())
	v, _ := g.Follow(c.matches(arch.X86_64, &seccomp.Rule{Args: args}), &data)
	return v == 1
}

func TestJoinAdjacent(t *testing.T) {
	one := func(index int, from, to uint64) box {
		var b box
		b[index][0] = MaskedRange{^uint64(0), from, to}
		return b
	}
	tests := map[string]struct{ list, want []box }{
		"none":                         {nil, nil},
		"adjacent":                     {[]box{one(0, 5, 9), one(0, 1, 4)}, []box{one(0, 1, 9)}},
		"three":                        {[]box{one(0, 1, 1), one(0, 2, 2), one(0, 3, 3)}, []box{one(0, 1, 3)}},
		"with a gap":                   {[]box{one(0, 1, 4), one(0, 6, 9)}, []box{one(0, 1, 4), one(0, 6, 9)}},
		"of different arguments":       {[]box{one(0, 1, 4), one(1, 5, 9)}, []box{one(1, 5, 9), one(0, 1, 4)}},
		"the largest does not wrap":    {[]box{one(0, 1<<64-1, 1<<64-1), one(0, 1, 4)}, []box{one(0, 1, 4), one(0, 1<<64-1, 1<<64-1)}},
		"an upper half is a range too": {[]box{{{{uint64(maxWord) << 32, 0, 0}}}, one(0, 1<<32, 1<<32)}, []box{one(0, 0, 1<<32)}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { require.ElementsMatch(t, tt.want, joinAdjacent(tt.list)) })
	}
}
