// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestStep: on the step that several functions take together each is the first of its
// parts where the bits are as wanted, and the second where one is not.
func TestStep(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 2000 {
		g := New(LittleEndian(), Limits{})
		nodes := []Node{aFunction(g, r), aFunction(g, r), aFunction(g, r)}
		s := g.shared(nodes...)
		if s.level == endLevel {
			continue // leaves alone
		}
		word, bit := g.place(s.level)
		wanted := func(d *Data) bool {
			for i := range s.len {
				if d[word]>>(bit-i)&1 != s.want<<i>>31 {
					return false
				}
			}
			return true
		}
		for _, n := range nodes {
			hi, lo := g.cofactors(n, s)
			require.GreaterOrEqual(t, g.first(hi), s.level+s.len)
			require.GreaterOrEqual(t, g.first(lo), s.level+1)
			for range 20 {
				d := Data{0: r.Uint32(), 1: r.Uint32(), 4: r.Uint32(), 5: r.Uint32()}
				if r.IntN(2) == 0 {
					for i := range s.len {
						d[word] = d[word]&^(1<<(bit-i)) | s.want<<i>>31<<(bit-i)
					}
				}
				// Both parts look at later bits than the step's alone.
				want := value(t, g, n, &d)
				if wanted(&d) {
					require.Equal(t, want, value(t, g, hi, &d))
				} else if g.first(n) == s.level && s.len == int(g.vertices[n].len) {
					require.Equal(t, want, value(t, g, lo, &d))
				}
				require.Equal(t, want, value(t, g, g.run(s.level, s.len, s.want, hi, lo), &d))
			}
		}
	}
}
