// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"

	"github.com/gosieve/sieve/internal/symbolic"
)

// allowance is the limits of work that is done in several graphs, and what is spent.
type budget struct {
	limits symbolic.Limits
	spent  int             // steps in graphs that are gone
	main   *symbolic.Graph // the one that stays
	ended  error           // what the context says if it is done
}

func newBudget(limits symbolic.Limits) *budget {
	if limits.Steps <= 0 {
		limits.Steps = symbolic.DefaultSteps
	}
	if limits.Memory <= 0 {
		limits.Memory = symbolic.DefaultMemory
	}
	return &budget{limits: limits}
}

// left is how many steps are left, 1 if none are.
func (a *budget) left() int {
	left := a.limits.Steps - a.spent
	if a.main != nil {
		left -= a.main.Steps()
	}
	return max(left, 1)
}

// count counts the steps of a graph that goes.
func (a *budget) charge(g *symbolic.Graph) {
	a.spent += g.Steps()
	if err := g.Stopped("looking for rules"); err != nil && !errors.Is(err, ErrUndecided) {
		a.ended = err
	}
}

// graph is an empty graph that may do so many steps.
func (a *budget) graph(order symbolic.Order, steps int) *symbolic.Graph {
	limits := a.limits
	limits.Steps = max(min(steps, a.left()), 1)
	if a.main != nil {
		limits.Memory = max(limits.Memory-a.main.Held(), 1)
	}
	return symbolic.New(order, limits)
}
