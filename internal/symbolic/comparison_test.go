// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBranch holds the way along the bits of a constant to the general one: each
// function has one diagram, so the two make the same node.
func TestBranch(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 4000 {
		g := New(LittleEndian(), Limits{})
		e := explorer{Graph: g}
		i := Instruction{Op: []uint16{0x15, 0x25, 0x35, 0x45}[r.IntN(4)], K: []uint32{0, 1, 2, 1<<32 - 1, 1 << 31, r.Uint32(), r.Uint32() & 0xff, ^(r.Uint32() & 0xff)}[r.IntN(8)]}
		s := state{a: Input(0, ^uint32(0))}
		later := func() Node { // looks at later words, or also at this one
			n := g.Ite(g.Equal(Input(5, 0xff), Constant(r.Uint32()&0x3)), g.Leaf(r.Uint32N(3)), g.Leaf(r.Uint32N(3)))
			if r.IntN(4) == 0 {
				n = g.Ite(g.AtLeast(Input(0, ^uint32(0)), Constant(i.K+r.Uint32N(3)-1)), n, g.Leaf(7))
			}
			return n
		}
		yes, no := later(), later()
		require.Equal(t, g.Ite(e.condition(i, s), yes, no), e.branch(i, s, yes, no), "%v %#x", i, i.K)
	}
}
