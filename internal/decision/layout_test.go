// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/bpf"
	xbpf "golang.org/x/net/bpf"
)

// agree holds the diagram's program to the diagram.
func agree(t *testing.T, g *Graph, n Node, r *rand.Rand) bpf.Program {
	t.Helper()
	p := g.Layout(n, price)
	if len(p) <= bpf.MaxInstructions {
		if err := p.Check(); err != nil {
			t.Fatalf("%v\n%v", err, p)
		}
	}
	edges := g.edges()
	for range 400 {
		var d bpf.Data
		for i := range d {
			d[i] = r.Uint32()
			if e := edges[uint8(i)]; len(e) > 0 && r.IntN(8) > 0 {
				d[i] = e[r.IntN(len(e))]
			}
		}
		if got, want := p.Run(&d), g.eval(n, &d); got != want {
			t.Fatalf("%x: program %#x, diagram %#x\n%v", d, got, want, p)
		}
	}
	return p
}

var price = Price{Known: 0.05, Unknown: 0.5, Spread: 0.1}

func TestLayoutRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 600 {
		g := New(8)
		agree(t, g, random(g, r, 0), r)
	}
}

// TestLayoutDistance sweeps the distance of jumps over the 255 instructions that
// a conditional one can skip: that edge random search does not find.
func TestLayoutDistance(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	far := 0
	for size := 100; size < 290; size++ {
		g := New(8)
		// A block of one equality an instruction, and beside it, on both sides,
		// blocks and returns that must be reached across it.
		block := func(index uint8, size int, base uint32) Node {
			n := g.Leaf(base)
			for i := range size {
				n = g.In(Word{Index: index + uint8(i%2), Mask: Whole}, uint32(i), uint32(i), g.Leaf(base+uint32(i%5)), n)
			}
			return n
		}
		a, b, c := block(4, size, 0), block(6, 20, 0), block(8, size/2, 2)
		for name, n := range map[string]Node{
			"two":   g.In(Word{Index: 1, Mask: Whole}, 7, 7, a, b),
			"three": g.Switch(Word{Index: 1, Mask: Whole}, []Span{{3, a}, {9, b}, {12, c}, {20, a}, {99, g.Leaf(4)}, {Whole, b}}),
			"deep": g.In(Word{Index: 1, Mask: 0x40}, 0, 0, a,
				g.In(Word{Index: 2, Mask: Whole}, 5, 5, c, g.In(Word{Index: 3, Mask: Whole}, 5, 9, a, b))),
		} {
			t.Run(fmt.Sprintf("%s %d", name, size), func(t *testing.T) {
				for _, i := range agree(t, g, n, r) {
					if i.Jt > 250 || i.Jf > 250 || i.Op == bpf.OpJa {
						far++
					}
				}
			})
		}
	}
	if far == 0 {
		t.Fatal("no jump came near the limit: the sweep tests nothing")
	}
}

func TestLayout(t *testing.T) {
	g := New(8)
	allow, deny := g.Leaf(0x7fff0000), g.Leaf(0x50001)
	nr := Word{Index: 0, Mask: Whole}
	tests := map[string]struct {
		n    Node
		want []xbpf.RawInstruction
	}{
		"a leaf is a return": {allow, []xbpf.RawInstruction{{Op: bpf.OpRetK, K: 0x7fff0000}}},
		"a placeholder in a range costs one test": {
			g.In(nr, 7, 7, deny, allow),
			[]xbpf.RawInstruction{{Op: bpf.OpLdAbs}, {Op: bpf.OpJeqK, Jt: 1, K: 7}, {Op: bpf.OpRetK, K: 0x7fff0000}, {Op: bpf.OpRetK, K: 0x50001}},
		},
		"a flag costs one JSET, and falls through": {
			g.In(Word{Index: 4, Mask: 0x80}, 0, 0, allow, deny),
			[]xbpf.RawInstruction{{Op: bpf.OpLdAbs, K: 16}, {Op: bpf.OpJsetK, Jt: 1, K: 0x80}, {Op: bpf.OpRetK, K: 0x7fff0000}, {Op: bpf.OpRetK, K: 0x50001}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := g.Layout(tt.n, price)
			if fmt.Sprint(got) != fmt.Sprint(bpf.Program(tt.want)) {
				t.Errorf("got\n%v\nwant\n%v", got, bpf.Program(tt.want))
			}
		})
	}
}
