// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWitness holds Differ, Union and Witness to all inputs of the world.
func TestWitness(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	inputs, none := world(), 0
	for range 400 {
		g := New(LittleEndian(), Limits{})
		a, b := aFunction(g, r), aFunction(g, r)
		x, y := g.Answer(a), g.Answer(b)
		if r.IntN(2) == 0 {
			y = g.Computed(g.Word(y)) // one function for each bit
		}
		list := g.Differ(x, y)
		d := g.Union(list)
		w, ok := g.Witness(d)
		differ := false
		for i := range inputs {
			here := value(t, g, a, &inputs[i]) != value(t, g, b, &inputs[i])
			differ = differ || here
			require.Equal(t, here, value(t, g, d.A, &inputs[i]) != value(t, g, d.B, &inputs[i]))
		}
		require.Equal(t, differ, ok)
		require.Equal(t, differ, len(list) > 0)
		if !ok {
			none++
			continue
		}
		require.NotEqual(t, value(t, g, a, &w), value(t, g, b, &w), "%x", w)
		for i, v := range w {
			for _, known := range worldWords {
				if int(known.word) == i {
					v &^= known.mask
				}
			}
			require.Zero(t, v, "bits that do not matter are 0")
		}
	}
	assert.Positive(t, none)
}

// TestWhere: the difference is left for one value of a word, and for no other.
func TestWhere(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	d := Difference{g.AtLeast(Input(1, ^uint32(0)), Constant(7)), False}
	w, ok := g.Witness(g.Where(d, 1, 9))
	assert.True(t, ok)
	assert.Equal(t, Data{1: 9}, w)
	_, ok = g.Witness(g.Where(d, 1, 6))
	assert.False(t, ok)
}

// TestWitnessOpen: functions that differ only for some results which the kernel leaves
// open do not differ for certain.
func TestWitnessOpen(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	open := g.Bits(g.openAt(g.unknown()))[0]
	_, ok := g.Witness(Difference{open, False})
	assert.False(t, ok, "the open bit may be 0")
	w, ok := g.Witness(Difference{open, g.Not(open)})
	assert.True(t, ok, "a bit is never its opposite")
	assert.Equal(t, Data{}, w)
}
