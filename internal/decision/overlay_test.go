// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/bpf"
)

// TestOver holds Over to its meaning on random diagrams.
func TestOver(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		g := New(8)
		a, b, placeholder := random(g, r, 0), random(g, r, 0), g.Leaf(2)
		n := g.Over(a, b, placeholder)
		edges := g.edges()
		for range 200 {
			var d bpf.Data
			for i := range d {
				if e := edges[uint8(i)]; len(e) > 0 {
					d[i] = e[r.IntN(len(e))]
				}
			}
			want := g.eval(a, &d)
			if want == 2 {
				want = g.eval(b, &d)
			}
			if got := g.eval(n, &d); got != want {
				t.Fatalf("%x: got %d, want %d", d, got, want)
			}
		}
	}
}
