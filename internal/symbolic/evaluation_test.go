// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestEvaluate: a vertex looks at a run of bits, and any that is not as wanted leads
// the other way.
func TestEvaluate(t *testing.T) {
	for _, order := range []Order{LittleEndian(), BigEndian(), LittleEndian().Interleave([]uint16{1<<4 | 1<<5})} {
		g := New(order, Limits{})
		n := g.Ite(g.Equal(Input(4, 0xff00), Constant(0x1200)), g.Leaf(5), g.Leaf(6))
		for v, want := range map[uint32]uint32{0x1200: 5, 0xff1234: 5, 0x1300: 6, 0x9200: 6, 0x1000: 6, 0: 6} {
			got, open := g.Evaluate(n, &Data{4: v, 5: ^v})
			assert.False(t, open)
			assert.Equal(t, want, got, "%#x", v)
		}
	}
}

// TestEvaluateOpen says so where something open decides, and only there.
func TestEvaluateOpen(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	bit := g.Bits(g.openAt(g.unknown()))[3]
	n := g.Ite(g.AtLeast(Input(4, ^uint32(0)), Constant(32)), bit, True)
	_, open := g.Evaluate(n, &Data{4: 32})
	assert.True(t, open)
	v, open := g.Evaluate(n, &Data{4: 31})
	assert.False(t, open)
	assert.EqualValues(t, 1, v)
}
