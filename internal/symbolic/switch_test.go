// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSwitch holds Switch to its cases and to the same function made from comparisons.
func TestSwitch(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		g := New(LittleEndian(), Limits{})
		firsts := []uint32{0}
		for range r.IntN(12) {
			switch v := r.Uint32() >> r.IntN(32); r.IntN(3) {
			case 0:
				firsts = append(firsts, v)
			case 1:
				firsts = append(firsts, v, v+1)
			default:
				firsts = append(firsts, v&^0xff, v|0xff)
			}
		}
		slices.Sort(firsts)
		firsts = slices.Compact(firsts)
		cases := make([]Case, len(firsts))
		want := g.Leaf(9)
		for i, v := range firsts {
			cases[i] = Case{v, g.Leaf(r.Uint32N(4))}
			want = g.Ite(g.AtLeast(Input(3, ^uint32(0)), Constant(v)), cases[i].To, want)
		}
		all := slices.Clone(cases)
		n := g.Switch(3, cases)
		if n != want {
			t.Fatalf("%v: not the function of the comparisons", all)
		}
		if n != g.byBits(n) {
			t.Fatalf("%v: not the one diagram", all)
		}
		for _, v := range firsts {
			for _, x := range []uint32{v - 1, v, v + 1, r.Uint32()} {
				i, found := slices.BinarySearchFunc(all, x, func(c Case, x uint32) int { return int(int64(c.First) - int64(x)) })
				if !found {
					i--
				}
				if got := g.evaluate(n, &Data{3: x}); g.Leaf(got) != all[i].To {
					t.Fatalf("%v: %#x: got %d", all, x, got)
				}
			}
		}
	}
}
