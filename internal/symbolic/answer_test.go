// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestAnswer: values that are few stand in one function, and many in one for each bit.
func TestAnswer(t *testing.T) {
	returned := func(mask uint32) Answer {
		g := New(LittleEndian(), Limits{})
		a, err := g.Explore([]Instruction{{Op: 0x20, K: 16}, {Op: 0x54, K: mask}, {Op: 0x44, K: 0x50000}, {Op: 0x16}})
		require.NoError(t, err)
		for _, v := range []uint32{0, 1, 0x55, 0xffff} {
			got, open := g.Returned(a, &Data{4: v})
			assert.False(t, open)
			assert.Equal(t, 0x50000|v&mask, got)
			word, _ := g.Returned(g.Computed(g.Word(a)), &Data{4: v})
			assert.Equal(t, got, word)
		}
		return a
	}
	_, one := returned(1<<fewBits - 1).Function()
	assert.True(t, one)
	_, one = returned(1<<(fewBits+1) - 1).Function()
	assert.False(t, one)
}
