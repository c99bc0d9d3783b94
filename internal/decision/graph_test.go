// SPDX-License-Identifier: Apache-2.0

package decision

import "testing"

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
		"the answer over anything is itself": {g.Over(a, b, Undecided), a},
		"open gives way":                     {g.Over(g.In(w, 3, 9, a, Undecided), b, Undecided), g.In(w, 3, 9, a, b)},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.got != tt.want {
				t.Errorf("got node %d, want %d", tt.got, tt.want)
			}
		})
	}
}

// TestTry gives up within its bound, and leaves a graph that still works.
func TestTry(t *testing.T) {
	g := New(8)
	w := Word{Index: 1, Mask: Whole}
	build := func() Node {
		n := g.Leaf(1)
		for i := range uint32(50) {
			n = g.Over(g.In(w, 2*i, 2*i, g.Leaf(2), Undecided), n, Undecided)
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
