// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// contains says whether an input is in the region.
func (r *Region) contains(d *Data) bool {
	for _, c := range r.Where {
		in := false
		for _, s := range c.Any {
			v := d[c.Word] & s.Mask
			in = in || s.From <= v && v <= s.To
		}
		if !in {
			return false
		}
	}
	return true
}

// TestRegions: an input on which functions differ is in one region, and every other in
// none.
func TestRegions(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	inputs := world()
	for _, order := range []Order{LittleEndian(), LittleEndian().Interleave([]uint16{1<<4 | 1<<5})} {
		for range 300 {
			g := New(order, Limits{})
			d := Difference{aFunction(g, r), aFunction(g, r)}
			size := g.Size()
			count := make([]int, len(inputs))
			for region := range g.Regions(d) {
				w := region.Witness()
				require.True(t, region.contains(&w))
				for i := range inputs {
					if region.contains(&inputs[i]) {
						count[i]++
						require.Equal(t, region.A, g.Leaf(value(t, g, d.A, &inputs[i])))
						require.Equal(t, region.B, g.Leaf(value(t, g, d.B, &inputs[i])))
					}
				}
			}
			require.NoError(t, g.LeftOut())
			require.Equal(t, size, g.Size(), "nothing is left behind")
			for i := range inputs {
				want := 0
				if value(t, g, d.A, &inputs[i]) != value(t, g, d.B, &inputs[i]) {
					want = 1
				}
				require.Equal(t, want, count[i], "%x", inputs[i])
			}
		}
	}
}

// TestRegionsStop: who has seen enough is given no more.
func TestRegionsStop(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	n := g.Switch(4, []Case{{0, False}, {5, True}, {6, g.Leaf(2)}, {7, g.Leaf(3)}})
	seen := 0
	for range g.Regions(Difference{n, False}) {
		seen++
		break
	}
	assert.Equal(t, 1, seen)
}

// TestRegionsForm: intervals are what values are said in, unless bits are fewer.
func TestRegionsForm(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	where := func(n Node) []Condition {
		for r := range g.Regions(Difference{n, False}) {
			return r.Where
		}
		return nil
	}
	whole := ^uint32(0)
	word := Input(4, whole)
	between := g.And(g.AtLeast(word, Constant(5)), g.Not(g.AtLeast(word, Constant(10))))
	assert.Equal(t, []Condition{{4, []Set{{whole, 5, 9}}}}, where(between))
	assert.Equal(t, []Condition{{4, []Set{{0x80, 0x80, 0x80}}}}, where(g.intersects(word, Constant(0x80))))
	assert.Equal(t, []Condition{{4, []Set{{whole, 3, 3}, {whole, 9, 9}}}}, where(g.Or(g.Equal(word, Constant(3)), g.Equal(word, Constant(9)))))
}

// TestLeftOut: what is open is no region, and that is said.
func TestLeftOut(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	open := g.Bits(g.openAt(g.unknown()))[0]
	d := Difference{g.Ite(g.bit(4, 0), open, False), False}
	assert.True(t, g.Rests(d))
	for range g.Regions(d) {
		t.Error("the open bit may be 0")
	}
	assert.ErrorIs(t, g.LeftOut(), ErrOpen)
	assert.False(t, g.Rests(Difference{g.bit(4, 0), False}))
}
