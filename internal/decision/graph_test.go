// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"
	"testing"

	"github.com/gosieve/sieve/bpf"
)

func TestSwitchIsUnique(t *testing.T) {
	g := New(8)
	a, b := g.Leaf(1), g.Leaf(2)
	w := Word{Index: 4, Mask: Whole}
	part := Word{Index: 4, Mask: 8}
	tests := map[string]struct{ got, want Node }{
		"the same leaf twice":                {g.Leaf(1), a},
		"the same spans twice":               {g.In(w, 3, 9, a, b), g.In(w, 3, 9, a, b)},
		"neighbours with one target":         {g.Switch(w, []Span{{2, b}, {5, a}, {9, a}, {Whole, b}}), g.In(w, 3, 9, a, b)},
		"one target is no test":              {g.Switch(w, []Span{{7, a}, {Whole, a}}), a},
		"values that a part cannot have":     {g.Switch(part, []Span{{0, a}, {7, b}, {8, a}, {Whole, b}}), a},
		"bounds that a part cannot have":     {g.Switch(part, []Span{{5, a}, {Whole, b}}), g.In(part, 0, 0, a, b)},
		"the answer over anything is itself": {g.Over(a, b, Open), a},
		"open gives way":                     {g.Over(g.In(w, 3, 9, a, Open), b, Open), g.In(w, 3, 9, a, b)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got node %d, want %d", tt.got, tt.want)
			}
		})
	}
}

// TestOver holds Over to its meaning on random diagrams.
func TestOver(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		g := New(8)
		a, b, hole := random(g, r, 0), random(g, r, 0), g.Leaf(2)
		n := g.Over(a, b, hole)
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

// TestTry gives up within its bound, and leaves a graph that still works.
func TestTry(t *testing.T) {
	g := New(8)
	w := Word{Index: 1, Mask: Whole}
	build := func() Node {
		n := g.Leaf(1)
		for i := range uint32(50) {
			n = g.Over(g.In(w, 2*i, 2*i, g.Leaf(2), Open), n, Open)
		}
		return n
	}
	if _, ok := g.Try(10, build); ok {
		t.Error("50 values fit into 10 vertices")
	}
	n, ok := g.Try(1000, build)
	if !ok || g.Size(n) != 100 {
		t.Errorf("got %d spans, %v; want 100, true", g.Size(n), ok)
	}
}

// TestWord compares ceil and floor with a search.
func TestWord(t *testing.T) {
	for mask := range uint32(256) {
		w := Word{Mask: mask}
		for x := range uint32(256) {
			floor, ceil, ok := uint32(0), uint32(0), false
			for v := range uint32(256) {
				if v&^mask != 0 {
					continue
				}
				if v <= x {
					floor = v
				}
				if v >= x && !ok {
					ceil, ok = v, true
				}
			}
			if got := w.floor(x); got != floor {
				t.Fatalf("mask %#x: floor %#x: got %#x, want %#x", mask, x, got, floor)
			}
			if got, gotOK := w.ceil(x); gotOK != ok || ok && got != ceil {
				t.Fatalf("mask %#x: ceil %#x: got %#x, %v, want %#x, %v", mask, x, got, gotOK, ceil, ok)
			}
		}
	}
}

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
