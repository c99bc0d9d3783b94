// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// blocks is a random program like most filters: tests of words, after each of which
// paths return, go on, or skip a test.
func blocks(r *rand.Rand) []Instruction {
	var code []Instruction
	for range 2 + r.IntN(6) {
		w := worldWords[r.IntN(len(worldWords))]
		code = append(code, Instruction{Op: 0x20, K: 4 * uint32(w.word)},
			Instruction{Op: []uint16{0x15, 0x35, 0x45}[r.IntN(3)], Jt: uint8(r.IntN(2)), Jf: uint8(r.IntN(2)), K: r.Uint32() & w.mask},
			Instruction{Op: 0x06, K: r.Uint32N(4)})
	}
	return append(code, Instruction{Op: 0x06, K: 9})
}

// TestSegment puts a program together from its segments: the function is that of the whole.
func TestSegment(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	several := 0
	for range 600 {
		code := blocks(r)
		g := New(LittleEndian(), Limits{})
		answer, err := g.Explore(code)
		require.NoError(t, err)
		whole, _ := answer.Function()

		p := NewProgram(code)
		cuts := p.Cuts(0)
		if len(cuts) > 0 {
			several++
		}
		var from func(Start) Node
		from = func(s Start) Node {
			var starts []Start
			stop := func(pc int) bool { return pc != s.Instruction && slices.Contains(cuts, pc) }
			n, err := g.Segment(p, s, stop, func(next Start) uint32 {
				if !slices.Contains(starts, next) {
					starts = append(starts, next)
				}
				return 1000 + uint32(slices.Index(starts, next))
			})
			require.NoError(t, err)
			for i, next := range starts {
				n = g.Apply(n, from(next), func(v, rest uint32) uint32 {
					if v == 1000+uint32(i) {
						return rest
					}
					return v
				})
			}
			return n
		}
		require.Equal(t, whole, from(Start{}), "%v", code)
	}
	assert.Greater(t, several, 300)
}

// TestCuts: what all paths come through that do not return before.
func TestCuts(t *testing.T) {
	ld, ret := Instruction{Op: 0x20}, Instruction{Op: 0x06}
	tests := map[string]struct {
		code []Instruction
		want []int
	}{
		"a straight line":                 {[]Instruction{ld, ld, ret}, []int{1}},
		"behind a test that returns":      {[]Instruction{ld, {Op: 0x15, Jt: 1}, ld, ret}, []int{1, 2}},
		"not on one of two ways":          {[]Instruction{ld, {Op: 0x15, Jt: 1}, ld, ld, ret}, []int{1, 3}},
		"a jump leads on to its end":      {[]Instruction{ld, {Op: 0x05, K: 1}, ld, ld, ret}, []int{3}},
		"a jump to a return goes nowhere": {[]Instruction{ld, {Op: 0x15, Jt: 1}, ld, {Op: 0x05}, ret}, []int{1, 2}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, tt.want, NewProgram(tt.code).Cuts(0)) })
	}
}

// TestLoads: words in the order in which they are read first, from an instruction on
// and on ways that lead there.
func TestLoads(t *testing.T) {
	code := []Instruction{{Op: 0x20, K: 4}, {Op: 0x15, Jf: 2}, {Op: 0x20, K: 24}, {Op: 0x05, K: 1}, {Op: 0x20}, {Op: 0x20, K: 4}, {Op: 0x06}, {Op: 0x20, K: 60}, {Op: 0x06}}
	p := NewProgram(code)
	assert.Equal(t, []uint8{1, 6, 0}, p.Loads(0))
	assert.Equal(t, []uint8{6, 1}, p.Loads(2))
	assert.Equal(t, []uint8{15}, p.Loads(7))
	assert.True(t, p.LoadsArgument(2))
	assert.False(t, p.LoadsArgument(0), "the architecture")
	assert.False(t, p.LoadsArgument(1), "no load")
}

// TestSegmentApart: a segment that hands on what another graph cannot know is refused.
func TestSegmentApart(t *testing.T) {
	tests := map[string][]Instruction{
		"a sum in A":             {{Op: 0x20, K: 16}, {Op: 0x04, K: 3}, {Op: 0x15, Jt: 1}, {Op: 0x06}, {Op: 0x16}},
		"a cell":                 {{Op: 0x20, K: 16}, {Op: 0x02}, {Op: 0x15, Jt: 1}, {Op: 0x06}, {Op: 0x60}, {Op: 0x16}},
		"a return value of many": {{Op: 0x20, K: 16}, {Op: 0x16}},
	}
	for name, code := range tests {
		t.Run(name, func(t *testing.T) {
			g := New(LittleEndian(), Limits{})
			stop := func(pc int) bool { return pc == len(code)-1 && len(code) > 2 || pc == len(code)-2 && len(code) > 5 }
			_, err := g.Segment(NewProgram(code), Start{}, stop, func(Start) uint32 { return 0 })
			assert.True(t, errors.Is(err, ErrUndecided), "%v", err)
		})
	}
}
