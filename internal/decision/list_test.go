// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// arrives follows a search tree, whose steps stand in preorder, for a value.
func (t *tree) arrives(s *search, value uint32) Node {
	for i := 0; ; {
		st := t.steps[i]
		if st.threshold == 0 {
			for _, e := range t.equal[st.first:st.end] {
				if e.value == value {
					return e.to
				}
			}
			return st.rest
		}
		if i++; value >= s.first[st.threshold] {
			i = t.skip(i)
		}
	}
}

// skip is the step behind the subtree that begins at step i.
func (t *tree) skip(i int) int {
	if t.steps[i].threshold == 0 {
		return i + 1
	}
	return t.skip(t.skip(i + 1))
}

// count is how many thresholds and equalities a tree has.
func (t *tree) count() (thresholds, equalities int) {
	for _, s := range t.steps {
		if s.threshold != 0 {
			thresholds++
		}
		equalities += int(s.end - s.first)
	}
	return thresholds, equalities
}

// TestList: every value arrives where it should, with an equality for each single value
// and no more thresholds than full chains need.
func TestList(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for n := 1; n < 200; n++ {
		var spans []Span
		last := uint32(0) // the first value that has no span yet
		for i := range n {
			if r.IntN(2) == 0 {
				last += 2 + r.Uint32N(3)
				spans = append(spans, Span{last - 1, 1})
			}
			spans = append(spans, Span{last, Node(2 + i%2)})
			last++
		}
		spans = append(spans, Span{Whole, 1})
		s, tree := searchOf(spans, evenly, 0.1), tree{}
		require.True(t, tree.list(s), "%v", spans)
		for v := range last + 2 {
			require.Equal(t, find(spans, v), tree.arrives(s, v), "%d of %v", v, spans)
		}
		thresholds, equalities := tree.count()
		assert.Equal(t, n, equalities)
		assert.Equal(t, (equalities+longestChain-1)/longestChain-1, thresholds)
	}
}

// TestNoList: what else than single values and one rest is not a list.
func TestNoList(t *testing.T) {
	for name, spans := range map[string][]Span{
		"two rests":                      {{9, 1}, {10, 2}, {Whole, 3}},
		"no rest":                        {{0, 1}, {1, 2}},
		"the rest is a single value too": {{9, 1}, {10, 2}, {11, 1}, {12, 2}, {Whole, 1}},
	} {
		tree := tree{}
		assert.False(t, tree.list(searchOf(spans, evenly, 0.1)), name)
		assert.Empty(t, tree.steps, name)
	}
}
