// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVertexUnique: asking twice for a function makes one vertex, also after the table
// has grown.
func TestVertexUnique(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	equal := func(i uint32) Node { return g.Equal(Input(4, ^uint32(0)), Constant(i*0x9e3779b9)) }
	var first []Node
	for i := range uint32(5000) {
		first = append(first, equal(i))
	}
	size := g.Size()
	require.Greater(t, size, 4096)
	for i, n := range first {
		require.Equal(t, n, equal(uint32(i)))
	}
	assert.Equal(t, size, g.Size())
}

// TestForget takes back what was made since, and finds again what was there before.
func TestForget(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	r := rand.New(rand.NewPCG(15, 16))
	bounds := func() Node { return g.AtLeast(Input(4, ^uint32(0)), Constant(r.Uint32())) }
	for range 20 {
		bounds()
	}
	before, held := g.Size(), g.Held()
	table := append([]Node{}, g.table...)
	for range 20 {
		bounds()
	}
	require.Greater(t, g.Size(), before)
	g.forget(before)
	assert.Equal(t, before, g.Size())
	assert.Equal(t, held, g.Held())
	assert.Equal(t, table, g.table)
}

// TestRun: bits that are tested one by one and bits that are tested in runs make the
// same vertices, whatever the order in which they are put together.
func TestRun(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	level := int(g.level[4][31])
	whole := g.run(level, 32, 0x12345678, True, False)
	for cut := 1; cut < 32; cut++ {
		low := g.run(level+cut, 32-cut, 0x12345678<<cut, True, False)
		assert.Equal(t, whole, g.run(level, cut, 0x12345678, low, False), "cut before bit %d", cut)
	}
	assert.Equal(t, g.Not(whole), g.run(level, 32, 0x12345678, False, True))
	assert.Equal(t, True, g.run(level, 7, 0, True, True))
	assert.Equal(t, g.run(level, 1, 1<<31, True, False), g.run(level, 1, 0, False, True), "a bit that is not 0 is 1")
}
