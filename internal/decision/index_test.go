// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestIndex: a vertex is found again after the table has grown, and never is one that
// differs in one thing.
func TestIndex(t *testing.T) {
	g := New(2)
	size := len(g.unique.slots)
	a, b := g.Leaf(1), g.Leaf(2)
	nodes := map[Node]bool{}
	for i := range uint32(2000) {
		nodes[g.In(Word{Index: 4, Mask: Whole}, i, i, a, b)] = true
	}
	require.Greater(t, len(g.unique.slots), size)
	require.LessOrEqual(t, 2*g.unique.used, len(g.unique.slots)+2)
	assert.Len(t, nodes, 2000)
	for i := range uint32(2000) {
		assert.True(t, nodes[g.In(Word{Index: 4, Mask: Whole}, i, i, a, b)])
	}
	leaves := map[Node]bool{}
	for i := range uint32(2000) {
		leaves[g.Leaf(i)] = true
	}
	assert.Len(t, leaves, 2000)
	for _, other := range []Node{
		g.In(Word{Index: 5, Mask: Whole}, 7, 7, a, b), g.In(Word{Index: 4, Mask: 0xff}, 7, 7, a, b),
		g.In(Word{Index: 4, Mask: Whole}, 7, 8, a, b), g.In(Word{Index: 4, Mask: Whole}, 7, 7, b, a), g.Leaf(7),
	} {
		assert.False(t, nodes[other])
	}
}

// TestJoins remembers what was found, also after the table has grown, and forgets it
// when it is cleared.
func TestJoins(t *testing.T) {
	g := New(2)
	var x joins
	for i := Node(1); i < 5000; i++ {
		x.put(g, join{i, i + 1, i % 3, 2 * i})
	}
	for i := Node(1); i < 5000; i++ {
		assert.Equal(t, 2*i, x.find(i, i+1, i%3).result)
		assert.Equal(t, Undecided, x.find(i, i+1, i%3+1).a, "another placeholder")
		assert.Equal(t, Undecided, x.find(i+1, i, i%3).a, "the other way round")
	}
	held := g.bytes
	x.clear(g)
	assert.Less(t, g.bytes, held, "a large table is given back")
	assert.Equal(t, Undecided, x.find(1, 2, 1).a)
	x.put(g, join{1, 2, 1, 3})
	x.clear(g)
	assert.Equal(t, Undecided, x.find(1, 2, 1).a, "and a small one is cleared")
}
