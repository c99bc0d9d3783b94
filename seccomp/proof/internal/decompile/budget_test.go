// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"context"
	"testing"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
	"github.com/stretchr/testify/require"
)

// TestBudget: what a graph does is charged once, and at least one step is always left.
func TestBudget(t *testing.T) {
	b := newBudget(symbolic.Limits{})
	require.Equal(t, symbolic.DefaultSteps, b.left())
	b = newBudget(symbolic.Limits{Steps: 1000})
	g := b.graph(symbolic.LittleEndian(), 1<<20)
	for i := range uint32(50) {
		g.Equal(symbolic.Input(diagram.NrWord, diagram.MaxWord), symbolic.Constant(i))
	}
	require.NotZero(t, g.Steps())
	b.charge(g)
	require.Equal(t, max(1000-g.Steps(), 1), b.left())
	require.NoError(t, b.ended)
	b.spent = 5000
	require.Equal(t, 1, b.left())
}

// TestBudgetContext: a context that is done ends the whole work, a limit that is met does not.
func TestBudgetContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	b := newBudget(symbolic.Limits{Context: ctx})
	g := b.graph(symbolic.LittleEndian(), 1<<20)
	for i := range uint32(1 << 16) {
		g.Equal(symbolic.Input(diagram.NrWord, diagram.MaxWord), symbolic.Constant(i))
	}
	b.charge(g)
	require.ErrorIs(t, b.ended, context.Canceled)
}
