// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// table is a function as the values for all inputs of the world.
func table(t *testing.T, g *Graph, n Node, inputs []Data) []uint32 {
	list := make([]uint32, len(inputs))
	for i := range inputs {
		list[i] = value(t, g, n, &inputs[i])
	}
	return list
}

// TestReading holds what is read off a diagram to the table of the function.
func TestReading(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	inputs := world()
	orders := []Order{LittleEndian(), BigEndian(), LittleEndian().Interleave([]uint16{1<<4 | 1<<5})}
	for range 600 {
		g := New(orders[r.IntN(len(orders))], Limits{})
		n := aFunction(g, r)
		all := table(t, g, n, inputs)

		words := uint16(0)
		for _, w := range worldWords {
			for i, d := range inputs {
				d[w.word] = 0
				if value(t, g, n, &d) != all[i] {
					words |= 1 << w.word
				}
			}
		}
		require.Equal(t, words, g.Support(n))

		distinct := slices.Compact(slices.Sorted(slices.Values(all)))
		require.Equal(t, distinct, slices.Sorted(slices.Values(g.Values(n))))

		to := New(orders[r.IntN(len(orders))], Limits{})
		require.Equal(t, all, table(t, to, to.Copy(g, n), inputs))

		condition := g.Map(n, func(v uint32) uint32 { return v & 1 })
		reads(t, g, condition, table(t, g, condition, inputs), inputs)
	}
}

// reads holds what is read off a condition to its table.
func reads(t *testing.T, g *Graph, n Node, all []uint32, inputs []Data) {
	holds := 0
	for _, v := range all {
		holds += int(v)
	}
	require.InDelta(t, float64(holds)/float64(len(all)), g.Fraction(n), 1e-12)
	if holds == 0 {
		return
	}
	for _, w := range worldWords {
		smallest, largest := ^uint32(0), uint32(0)
		for i, v := range all {
			if v == 1 {
				smallest, largest = min(smallest, inputs[i][w.word]), max(largest, inputs[i][w.word])
			}
		}
		require.Equal(t, smallest, g.Extreme(n, w.word, false))
		require.Equal(t, largest|^w.mask, g.Extreme(n, w.word, true), "bits that do not matter are 1 in the largest")
	}
	c := g.LargestCube(n)
	fixed := 0
	for i := range c.Mask {
		require.Zero(t, c.Value[i]&^c.Mask[i])
		fixed += bits.OnesCount32(c.Mask[i])
	}
	inside := 0
	for i := range inputs {
		if c.contains(&inputs[i]) {
			inside++
			require.EqualValues(t, 1, all[i], "%x", inputs[i])
		}
	}
	require.Equal(t, 1<<8>>fixed, inside)
}

func (c *Cube) contains(d *Data) bool {
	for i := range d {
		if d[i]&c.Mask[i] != c.Value[i] {
			return false
		}
	}
	return true
}

// TestLargestCube: of two paths it is the one that fixes fewer bits.
func TestLargestCube(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	n := g.Or(g.Equal(Input(4, 0xffff), Constant(7)), g.Equal(Input(6, 0xf), Constant(3)))
	c := g.LargestCube(n)
	assert.Equal(t, 4+1, bits.OnesCount32(c.Mask[6])+bits.OnesCount32(c.Mask[4]), "one bit leaves the first word's value")
	assert.EqualValues(t, 3, c.Value[6])
}

// TestCases: a word's values by what the function is for them, and the function for
// one value.
func TestCases(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	later := g.Equal(Input(0, 3), Constant(2))
	want := []Case{{0, g.Leaf(5)}, {7, later}, {9, g.Leaf(6)}, {1 << 31, g.Leaf(5)}}
	n := g.Switch(1, slices.Clone(want))
	got, ok := g.Cases(n, 1, 4)
	assert.True(t, ok)
	assert.Equal(t, want, got)
	_, ok = g.Cases(n, 1, 3)
	assert.False(t, ok, "there are four")
	_, ok = g.Cases(n, 0, 9)
	assert.False(t, ok, "it looks at word 1 first")
	for value, want := range map[uint32]Node{0: g.Leaf(5), 6: g.Leaf(5), 7: later, 8: later, 9: g.Leaf(6), 1<<31 - 1: g.Leaf(6), 1 << 31: g.Leaf(5), 1<<32 - 1: g.Leaf(5)} {
		assert.Equal(t, want, g.Cofactor(n, 1, value), "%#x", value)
	}
	together := New(LittleEndian().Interleave([]uint16{1<<0 | 1<<1}), Limits{})
	_, ok = together.Cases(True, 1, 9)
	assert.False(t, ok, "bits that alternate have no cases")
}
