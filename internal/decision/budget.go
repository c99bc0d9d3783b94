// SPDX-License-Identifier: Apache-2.0

package decision

import (
	"context"
	"fmt"
	"math"
)

// Budget bounds the work on a graph. A field of 0 or less sets no bound. Steps are
// counted and not timed, so equal inputs meet a bound at the same place on every machine.
type Budget struct {
	// Context ends the work when it is done; nil for none.
	Context context.Context
	// Steps are elementary steps: a span read or written, a join looked up.
	Steps int
	// Bytes are those of the graph's tables.
	Bytes int
}

// Spent is what methods of a Graph panic with when work meets a bound: recursion makes
// returning an error from everywhere costly to read. The caller recovers it at the top
// (seccomp/budget.go). The diagram is then of no use.
type Spent struct {
	Err   error // of the context, with its cause, or nil
	Bytes bool  // the bound of bytes was met, not that of steps
	Most  int   // the bound
}

// interval is how many steps lie between two looks at the context. A
// context is looked at some thousand times a second so.
const interval = 1 << 14

// Bound sets the bounds of all work from now on.
func (g *Graph) Bound(b Budget) {
	g.budget = b
	g.schedule()
}

// Spend counts steps that the graph's user makes on its behalf.
func (g *Graph) Spend(steps int) {
	if g.steps += steps; g.steps >= g.next {
		g.meet()
	}
}

// Take counts bytes that the graph's user holds on its behalf.
func (g *Graph) Take(bytes int) {
	if g.bytes += bytes; g.budget.Bytes > 0 && g.bytes > g.budget.Bytes {
		panic(Spent{Bytes: true, Most: g.budget.Bytes})
	}
}

// meet is called once the steps have come to the next bound. It panics with Spent if
// that bound is the end of the work.
func (g *Graph) meet() {
	if g.budget.Steps > 0 && g.steps >= g.budget.Steps {
		panic(Spent{Most: g.budget.Steps})
	}
	if c := g.budget.Context; c != nil && c.Err() != nil {
		panic(Spent{Err: ended(c)})
	}
	if g.until > 0 && g.steps >= g.until {
		g.full = true
	}
	g.schedule()
}

// ended is the error of a context, with the cause if the context has one of its own.
func ended(c context.Context) error {
	if cause := context.Cause(c); cause != c.Err() {
		return fmt.Errorf("%w: %w", c.Err(), cause)
	}
	return c.Err()
}

// schedule sets next to the number of steps at which some bound may be met.
func (g *Graph) schedule() {
	g.next = math.MaxInt
	if g.budget.Steps > 0 {
		g.next = g.budget.Steps
	}
	if g.budget.Context != nil {
		g.next = min(g.next, g.steps+interval)
	}
	if g.until > g.steps {
		g.next = min(g.next, g.until)
	}
}
