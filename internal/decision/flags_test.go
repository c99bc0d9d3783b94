// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sumsOf are the spans that send the sums of some bits one way, and all others another.
func sumsOf(set uint32, to, others Node) []Span {
	var spans []Span
	for sub := uint32(0); ; sub = (sub - set) & set {
		if sub > 0 {
			spans = append(spans, Span{sub - 1, others})
		}
		spans = append(spans, Span{sub, to})
		if sub == set {
			break
		}
	}
	return Word{Mask: Whole}.canonical(append(spans, Span{Whole, others}))
}

func TestFlags(t *testing.T) {
	whole := Word{Mask: Whole}
	tests := map[string]struct {
		w     Word
		spans []Span
		set   uint32
		left  int // spans
	}{
		"two bits, but not their sum":  {whole, []Span{{0, 1}, {7, 2}, {8, 1}, {0xff, 2}, {0x100, 1}, {Whole, 2}}, 0x8, 3},
		"two bits":                     {whole, sumsOf(0x20008, 1, 2), 0x20008, 1},
		"low bits count themselves":    {whole, sumsOf(0x20007, 1, 2), 0x20007, 1},
		"a value beside them":          {whole, []Span{{0, 1}, {7, 2}, {8, 1}, {0x0fffff, 2}, {0x100000, 1}, {0x100007, 2}, {0x100008, 1}, {0x200000, 2}, {0x200001, 3}, {Whole, 2}}, 0x100008, 3},
		"too few spans to be worth it": {whole, []Span{{0, 1}, {7, 2}, {Whole, 1}}, 0, 3},
		"no sums":                      {whole, []Span{{0, 1}, {7, 2}, {9, 1}, {20, 2}, {Whole, 3}}, 0, 5},
		"one bit":                      {whole, sumsOf(0x8, 1, 2), 0x8, 1},
		"a mask has its own way":       {Word{Mask: 0xff}, sumsOf(0x28, 1, 2), 0, 8},
		"the first span ends oddly":    {whole, []Span{{4, 1}, {7, 2}, {8, 1}, {Whole, 2}}, 0, 4},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			set, _, rest := flags(tt.w, tt.spans)
			assert.Equal(t, tt.set, set)
			assert.Len(t, rest, tt.left, "%v", rest)
		})
	}
}

// TestFlagsMeaning: a value goes where it went, by the JSET or by the spans that are
// left.
func TestFlagsMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	found := 0
	for range 2000 {
		mask := uint32(0)
		for range 1 + r.IntN(5) {
			mask |= 1 << r.IntN(20)
		}
		spans := sumsOf(mask, 1, 2)
		if extra := r.Uint32N(1 << 21); r.IntN(2) == 0 && find(spans, extra) == 2 {
			spans = cutOut(spans, extra, 3)
		}
		set, to, rest := flags(Word{Mask: Whole}, append([]Span{}, spans...))
		if set == 0 {
			continue
		}
		found++
		for range 200 {
			v := r.Uint32N(1 << 21)
			if r.IntN(2) == 0 {
				v &= mask
			}
			got := find(rest, v)
			if v&^set == 0 {
				got = to
			}
			require.Equal(t, find(spans, v), got, "%#x of %v", v, spans)
		}
	}
	assert.Greater(t, found, 800)
}

// cutOut gives one value another target.
func cutOut(spans []Span, value uint32, to Node) []Span {
	var list []Span
	for i, s := range spans {
		first := uint32(0)
		if i > 0 {
			first = spans[i-1].Last + 1
		}
		if value < first || value > s.Last {
			list = append(list, s)
			continue
		}
		if value > first {
			list = append(list, Span{value - 1, s.To})
		}
		list = append(list, Span{value, to})
		if value < s.Last {
			list = append(list, s)
		}
	}
	return list
}
