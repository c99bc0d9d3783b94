// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestLeaf: a value has one leaf, whether values are few or many.
func TestLeaf(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	assert.Equal(t, False, g.Leaf(0))
	assert.Equal(t, True, g.Leaf(1))
	leaves := map[Node]uint32{}
	for v := range uint32(100) {
		leaves[g.Leaf(v*v)] = v * v
	}
	assert.Len(t, leaves, 100)
	for n, want := range leaves {
		v, ok := g.LeafValue(n)
		assert.True(t, ok)
		assert.Equal(t, want, v)
		assert.Equal(t, n, g.Leaf(want))
	}
	_, ok := g.LeafValue(g.bit(0, 0))
	assert.False(t, ok)
}
