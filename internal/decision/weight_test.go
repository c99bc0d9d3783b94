// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"testing"

	"github.com/gosieve/sieve/bpf"
	"github.com/stretchr/testify/assert"
)

// TestWeigh: weights belong to one vertex, and a leaf has none.
func TestWeigh(t *testing.T) {
	g := New(8)
	n := g.In(Word{Mask: Whole}, 3, 9, g.Leaf(1), g.Leaf(2))
	other := g.In(Word{Mask: Whole}, 3, 8, g.Leaf(1), g.Leaf(2))
	g.Weigh(n, func(first, last uint32) uint32 { return 77 })
	g.Weigh(g.Leaf(1), func(first, last uint32) uint32 { return 78 })
	weigh, known := g.weigher(n)
	assert.True(t, known)
	assert.EqualValues(t, 77, weigh(0, 1))
	for _, n := range []Node{other, g.Leaf(1)} {
		weigh, known = g.weigher(n)
		assert.False(t, known)
		assert.Greater(t, weigh(5, 5), weigh(5, 6), "a value that is named is likelier")
	}
}

// TestWeighLayout: a value that comes up often is decided in fewer instructions.
func TestWeighLayout(t *testing.T) {
	steps := func(weigh Weigh) (n int) {
		g := New(8)
		var spans []Span
		for i := range uint32(40) {
			spans = append(spans, Span{10*i + 5, g.Leaf(i % 3)})
		}
		vertex := g.Switch(Word{Mask: Whole}, append(spans, Span{Whole, g.Leaf(7)}))
		if weigh != nil {
			g.Weigh(vertex, weigh)
		}
		g.Layout(vertex, price).Trace(&bpf.Data{0: 203}, func(int) { n++ })
		return n
	}
	often := func(first, last uint32) uint32 {
		if first <= 203 && 203 <= last {
			return 1 << 16
		}
		return 1
	}
	assert.Less(t, steps(often), steps(nil))
}
