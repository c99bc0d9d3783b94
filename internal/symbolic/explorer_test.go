// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestExplore holds the answers of random programs to all inputs of the world.
func TestExplore(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	inputs, explored := world(), 0
	for range 1500 {
		code := decidable(r)
		g := New(LittleEndian().Interleave(Meetings(code)), Limits{})
		answer, err := g.Explore(code)
		if err != nil {
			require.ErrorIs(t, err, ErrUndecided)
			continue
		}
		explored++
		for i := range inputs {
			got, open := g.Returned(answer, &inputs[i])
			require.False(t, open, "%v", code)
			require.Equal(t, run(code, &inputs[i]), got, "%x\n%v", inputs[i], code)
		}
	}
	assert.Greater(t, explored, 1450)
}

// TestExploreLimits: the error says at which instruction a limit was reached.
func TestExploreLimits(t *testing.T) {
	product := []Instruction{{Op: 0x20, K: 16}, {Op: 0x07}, {Op: 0x20, K: 24}, {Op: 0x2c}, {Op: 0x16}}
	_, err := New(LittleEndian(), Limits{Steps: 20_000}).Explore(product)
	require.ErrorIs(t, err, ErrUndecided)
	require.ErrorContains(t, err, "instruction 3 (MUL X): more than 20000 steps")
	_, err = New(LittleEndian(), Limits{Memory: 1 << 16}).Explore(product)
	require.ErrorContains(t, err, "instruction 3 (MUL X): more than 65536 bytes")
}
