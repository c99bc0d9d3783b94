// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"errors"

	"github.com/gosieve/sieve/internal/symbolic"
)

// budget divides the limits of one Decompile among the graphs that it makes. Each search
// for rules has a graph of its own: its vertices are garbage afterwards, and a graph
// cannot free single vertices.
type budget struct {
	limits symbolic.Limits
	spent  int             // steps in graphs that are gone
	main   *symbolic.Graph // the one that stays
	ended  error           // what the context says if it is done
}

// newBudget is the budget of a question. Fields of the limits that are not set are the
// defaults, because shares of them must be numbers.
func newBudget(limits symbolic.Limits) *budget {
	return &budget{limits: limits.Whole()}
}

// left is how many steps are left. It is at least 1, because 0 means the default to a
// graph: a graph with one step is full at once.
func (a *budget) left() int {
	left := a.limits.Steps - a.spent
	if a.main != nil {
		left -= a.main.Steps()
	}
	return max(left, 1)
}

// charge counts the steps of a graph that is no longer used. If that graph stopped because
// the context is done, the whole work ends with the context's error.
func (a *budget) charge(g *symbolic.Graph) {
	a.spent += g.Steps()
	if err := g.Stopped("looking for rules"); err != nil && !errors.Is(err, symbolic.ErrUndecided) {
		a.ended = err
	}
}

// graph is an empty graph that may do at most steps, and has the memory that the main
// graph leaves.
func (a *budget) graph(order symbolic.Order, steps int) *symbolic.Graph {
	limits := a.limits
	limits.Steps = max(min(steps, a.left()), 1)
	if a.main != nil {
		limits.Memory = max(limits.Memory-a.main.Held(), 1)
	}
	return symbolic.New(order, limits)
}
