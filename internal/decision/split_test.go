// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/bpf"
)

// TestSplit holds the two halves of random diagrams to the whole.
func TestSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 300 {
		g := New(8)
		n, rest := random(g, r, 0), g.Leaf(2)
		a, b := g.Split(n, rest, nil)
		edges := g.edges()
		for range 100 {
			var d bpf.Data
			for i := range d {
				if e := edges[uint8(i)]; len(e) > 0 {
					d[i] = e[r.IntN(len(e))]
				}
			}
			want, one, other := g.eval(n, &d), g.eval(a, &d), g.eval(b, &d)
			if one != want && other != want || one != want && one != 2 || other != want && other != 2 {
				t.Fatalf("%x: halves %d and %d, whole %d", d, one, other, want)
			}
		}
		if size := g.Size(n); size > 20 && g.Size(b) > size*3/4+10 {
			t.Errorf("of %d spans the second half has %d", size, g.Size(b))
		}
	}
}
