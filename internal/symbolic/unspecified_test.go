// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestResult: the same operation on the same values has one result, whatever it is, and
// others have others.
func TestResult(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	a, b := Input(4, ^uint32(0)), Input(6, ^uint32(0))
	product := g.result(aluMul, a, b)
	assert.Equal(t, product, g.result(aluMul, a, b))
	assert.NotEqual(t, product, g.result(aluMul, b, a))
	assert.NotEqual(t, product, g.result(aluDiv, a, b))
	assert.Equal(t, 32, g.varying(product))
}

// TestUnknownLimit: more open results than there are levels for end the work.
func TestUnknownLimit(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	for range (endLevel - inputLevels) / 32 {
		g.unknown()
	}
	assert.False(t, g.Full())
	g.unknown()
	assert.ErrorContains(t, g.Undecided(), "too many open results")
}
