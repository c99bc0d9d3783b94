// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUnique: equal values have one address and are counted once.
func TestUnique(t *testing.T) {
	g := New(Order{}, Limits{})
	before := g.held
	var known map[[2]int]*[2]int
	one := unique(g, &known, [2]int{1, 2}, 100)
	require.Equal(t, [2]int{1, 2}, *one)
	require.Equal(t, before+100, g.held)
	require.Same(t, one, unique(g, &known, [2]int{1, 2}, 100))
	require.Equal(t, before+100, g.held)
	require.NotSame(t, one, unique(g, &known, [2]int{2, 1}, 100))
	require.Equal(t, before+200, g.held)
}
