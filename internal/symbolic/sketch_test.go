// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// product returns whether two words have a product.
func product(a, b, k uint32) []Instruction {
	return []Instruction{{Op: 0x20, K: a}, {Op: 0x07}, {Op: 0x20, K: b}, {Op: 0x2c}, {Op: 0x15, Jf: 1, K: k}, {Op: 0x06, K: 1}, {Op: 0x06, K: 2}}
}

// TestSketch: the diagram of a product of two words is beyond any memory, and not needed
// where both programs have the same, or where one input shows that they differ.
func TestSketch(t *testing.T) {
	limits := Limits{Steps: 1 << 21}
	longer := append([]Instruction{{Op: 0x00, K: 3}}, product(16, 24, 77)...)
	q := between(product(16, 24, 77), longer)
	q.Limits = limits
	w, err := q.Decide()
	require.NoError(t, err)
	assert.Nil(t, w, "the products are of the same words")

	// An odd product shows the difference.
	odd := []Instruction{{Op: 0x20, K: 16}, {Op: 0x07}, {Op: 0x20, K: 24}, {Op: 0x2c}, {Op: 0x45, Jf: 1, K: 1}, {Op: 0x06, K: 1}, {Op: 0x06, K: 2}}
	q = between(odd, []Instruction{{Op: 0x06, K: 2}})
	q.Limits = limits
	w, err = q.Decide()
	require.NoError(t, err)
	require.NotNil(t, w)
	assert.EqualValues(t, 1, run(odd, w))

	q = between(product(16, 24, 77), product(24, 16, 77))
	q.Limits = limits
	_, err = q.Decide()
	assert.ErrorIs(t, err, ErrUndecided, "that factors commute is not known here")
	assert.ErrorContains(t, err, "MUL X")
}
