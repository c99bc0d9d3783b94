// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spent is what f panics with.
func spent(t *testing.T, f func()) (s Spent) {
	t.Helper()
	defer func() {
		var ok bool
		s, ok = recover().(Spent)
		require.True(t, ok, "no bound was met")
	}()
	f()
	return s
}

// TestBudgetSteps: work ends at the bound, which is counted and not timed.
func TestBudgetSteps(t *testing.T) {
	build := func(g *Graph) {
		for i := range uint32(1000) {
			g.In(Word{Index: 4, Mask: Whole}, 2*i, 2*i, g.Leaf(1), g.Leaf(0))
		}
	}
	steps := func(bound int) int {
		g := New(8)
		g.Bound(Budget{Steps: bound})
		assert.Equal(t, Spent{Most: bound}, spent(t, func() { build(g) }))
		return g.steps
	}
	for _, bound := range []int{1, 100, 1000} {
		first := steps(bound)
		assert.GreaterOrEqual(t, first, bound)
		assert.Less(t, first, bound+10, "no more than one vertex beyond the bound")
		assert.Equal(t, first, steps(bound))
	}
	g := New(8)
	g.Bound(Budget{Steps: 1 << 20})
	build(g)
	g.Bound(Budget{})
	g.Spend(1 << 30) // no bound is left
}

// TestBudgetBytes: the tables of a graph, and what its user takes on its behalf.
func TestBudgetBytes(t *testing.T) {
	g := New(8)
	g.Bound(Budget{Bytes: 4096})
	assert.Equal(t, Spent{Bytes: true, Most: 4096}, spent(t, func() {
		for i := range uint32(1000) {
			g.Leaf(i)
		}
	}))
	assert.Less(t, len(g.vertices), 4096/vertexBytes+2)
	g = New(8)
	g.Bound(Budget{Bytes: g.bytes + 100})
	g.Take(100)
	g.Take(-50)
	g.Take(50)
	spent(t, func() { g.Take(1) })
}

// TestBudgetContext: the error of the context comes with its cause.
func TestBudgetContext(t *testing.T) {
	why := errors.New("enough")
	c, cancel := context.WithCancelCause(t.Context())
	g := New(8)
	g.Bound(Budget{Context: c})
	g.Spend(3 * interval)
	cancel(why)
	s := spent(t, func() { g.Spend(interval) })
	assert.ErrorIs(t, s.Err, context.Canceled)
	assert.ErrorIs(t, s.Err, why)
	plain, stop := context.WithCancel(t.Context())
	stop()
	assert.Equal(t, context.Canceled, ended(plain))
}
