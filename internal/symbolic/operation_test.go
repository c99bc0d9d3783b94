// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"
)

// byBits makes the function anew, one bit after the other and no runs: what has
// one diagram only must come out the same.
func (g *Graph) byBits(n Node) Node {
	if n&leafBit != 0 {
		return n
	}
	s := step{level: g.first(n), len: 1, want: 1 << 31}
	hi, lo := g.cofactors(n, s)
	return g.run(s.level, 1, 1<<31, g.byBits(hi), g.byBits(lo))
}

// TestCanonical joins random functions in two ways each.
func TestCanonical(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, order := range []Order{LittleEndian(), BigEndian(), LittleEndian().Interleave([]uint16{1<<4 | 1<<5, 1 << 1, 1<<4 | 1<<7})} {
		for range 3000 {
			g := New(order, Limits{})
			random := func() Node {
				v := Input(uint8([]uint8{0, 1, 4, 5, 7}[r.IntN(5)]), []uint32{^uint32(0), 0xff, 0xf0f00000, 1 << 31, 3}[r.IntN(5)])
				k := Constant([]uint32{r.Uint32(), r.Uint32N(256), 1 << 31, 1 << r.IntN(32), ^uint32(0)}[r.IntN(5)] & v.k)
				return []func(v, w Value) Node{g.Equal, g.AtLeast, g.intersects}[r.IntN(3)](v, k)
			}
			a, b, c := random(), random(), random()
			d := g.Ite(a, b, c)
			for _, same := range [][2]Node{
				{g.And(a, g.Or(b, c)), g.Or(g.And(a, b), g.And(c, a))},
				{d, g.Or(g.And(a, b), g.And(g.Not(a), c))},
				{g.Xor(a, d), g.Xor(d, a)},
				{g.Not(g.Not(d)), d},
				{d, g.byBits(d)},
				{g.Apply(b, d, func(x, y uint32) uint32 { return x & y }), g.And(b, d)},
				{g.Map(d, func(x uint32) uint32 { return 1 - x }), g.Not(d)},
			} {
				if same[0] != same[1] {
					t.Fatal("two diagrams of one function")
				}
			}
			for range 4 {
				input := Data{r.Uint32(), r.Uint32N(4), r.Uint32N(4), r.Uint32(), r.Uint32(), r.Uint32N(300)}
				want := g.evaluate(c, &input)
				if g.evaluate(a, &input) == 1 {
					want = g.evaluate(b, &input)
				}
				if g.evaluate(d, &input) != want {
					t.Fatal("not the function")
				}
			}
		}
	}
}

func (g *Graph) evaluate(n Node, d *Data) uint32 {
	v, _ := g.Evaluate(n, d)
	return v
}
