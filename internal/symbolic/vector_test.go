// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCompare holds comparisons of values to those of numbers, for short forms and for
// functions of each bit.
func TestCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for _, order := range []Order{LittleEndian(), LittleEndian().Interleave([]uint16{1<<4 | 1<<6})} {
		g := New(order, Limits{})
		for range 400 {
			mask := []uint32{^uint32(0), 0xff, 0xf00f, 1 << 31}[r.IntN(4)]
			k := []uint32{0, 1, 1<<32 - 1, mask, r.Uint32() & mask, r.Uint32()}[r.IntN(6)]
			v, w := Input(4, mask), Constant(k)
			b := func(*Data) uint32 { return k }
			switch r.IntN(3) {
			case 0:
				v = g.value(g.Bits(v)) // the long form
			case 1:
				if len(order.groups) == Words {
					break // two words one after the other make large diagrams
				}
				w, b = Input(6, mask), func(d *Data) uint32 { return d[6] & mask }
			}
			equal, atLeast, meets := g.Equal(v, w), g.AtLeast(v, w), g.intersects(v, w)
			for range 10 {
				d := Data{4: []uint32{r.Uint32(), k, k + 1, k - 1}[r.IntN(4)], 6: r.Uint32()}
				a, b := d[4]&mask, b(&d)
				is := func(n Node) bool { return value(t, g, n, &d) == 1 }
				require.Equal(t, a == b, is(equal), "%#x == %#x", a, b)
				require.Equal(t, a >= b, is(atLeast), "%#x >= %#x", a, b)
				require.Equal(t, a&b != 0, is(meets), "%#x & %#x", a, b)
			}
		}
	}
}

// TestValue: what is the same for all inputs is a constant, and equal vectors are one.
func TestValue(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	assert.Equal(t, Constant(0), Input(4, 0))
	assert.Equal(t, Constant(9), g.value(g.Bits(Constant(9))))
	assert.True(t, Constant(9).IsConstant())
	word := Input(4, 0xff)
	assert.False(t, word.IsConstant())
	assert.Equal(t, g.value(g.Bits(word)), g.value(g.Bits(word)))
	assert.Equal(t, word, g.Choose(g.bit(0, 0), word, word))
	for want, v := range map[int]Value{0: Constant(7), 8: word, 3: g.Mask(g.value(g.Bits(word)), Constant(0x1c))} {
		assert.Equal(t, want, g.varying(v))
	}
}

// TestLeaves: the function whose values are a value's.
func TestLeaves(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	v := g.Choose(g.AtLeast(Input(4, ^uint32(0)), Constant(5)), g.Flip(Input(6, 0x81), Constant(0x70)), Constant(3))
	n := g.Leaves(v)
	for _, d := range []Data{{4: 4, 6: 1}, {4: 5, 6: 1}, {4: 9, 6: 0xff}, {}} {
		want := uint32(3)
		if d[4] >= 5 {
			want = d[6]&0x81 ^ 0x70
		}
		assert.Equal(t, want, value(t, g, n, &d))
	}
	assert.Equal(t, g.Leaf(77), g.Leaves(Constant(77)))
}
