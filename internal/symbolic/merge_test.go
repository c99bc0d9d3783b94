// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMerged holds the exploration that merges states to the one that does not. Each
// function has one diagram, so in one graph the answers are the same nodes.
func TestMerged(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	compared := 0
	for range 1500 {
		code := decidable(r)
		if Hard(code) {
			continue
		}
		g := New(LittleEndian().Interleave(Meetings(code)), Limits{})
		a, err := g.Explore(code)
		require.NoError(t, err)
		g.limits.States = -1
		b, err := g.Explore(code)
		require.NoError(t, err)
		require.Equal(t, g.Bits(g.Word(a)), g.Bits(g.Word(b)), "%v", code)
		compared++
	}
	assert.Greater(t, compared, 500)
}

// TestMergedDiamonds: 2^20 paths meet with as many sums, and cost no more than the
// diagram of one.
func TestMergedDiamonds(t *testing.T) {
	g := New(LittleEndian(), Limits{Steps: 1 << 20})
	a, err := g.Explore(diamonds(20, true))
	require.NoError(t, err)
	for _, v := range []uint32{0, 1, 0xabcde, 0xfffff, 0xfff00000} {
		got, _ := g.Returned(a, &Data{4: v})
		assert.Equal(t, v&0xfffff, got)
	}
}
