// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"context"
	"errors"
	"fmt"
)

// Limits bound the work on one question. Fields of 0 or less are the default.
type Limits struct {
	// Context, if there is one, ends the work early.
	Context context.Context
	// Steps are elementary steps: making or finding a vertex, joining two. Every
	// loop whose length the input decides counts them.
	Steps int
	// Memory is bytes, of diagrams and of what is remembered while they are visited.
	Memory int
	// States is how many states of the registers an instruction may have, on the
	// average, before they are merged; below 0 they always are.
	States int
	// Spent, if there is one, is where Question.Tell writes the steps that were done.
	Spent *int

	whole *Limits // what the caller set, where these are a part of it: errors name that
}

// The default limits. So many steps take 1 to 10 seconds, by machine and question.
const (
	DefaultSteps  = 1 << 25
	DefaultMemory = 256 << 20

	defaultStates = 4
)

// What things take, in bytes, while the table that holds them grows.
const (
	vertexBytes = 64 // with its share of the table and of the cache
	entryBytes  = 48 // in a map of nodes, or of pairs
	vectorBytes = 512
	cellsBytes  = 1024
	pointBytes  = 160
)

// portion is how many steps are done between two looks at the limit and the context.
const portion = 4096

// meter counts the work.
type meter struct {
	limits Limits
	spent  int // steps, before the portion
	issued int // steps of the portion
	fuel   int // those that are left
	held   int // bytes
	why    error
	full   bool
}

// newMeter is a meter for limits, of which zero ones are the defaults.
func newMeter(l Limits) meter {
	if l.Steps <= 0 {
		l.Steps = DefaultSteps
	}
	if l.Memory <= 0 {
		l.Memory = DefaultMemory
	}
	if l.States == 0 {
		l.States = defaultStates
	}
	if l.whole == nil {
		whole := l
		l.whole = &whole
	}
	return meter{limits: l}
}

// Whole is the limits with the defaults filled in. Limits made of it, with fewer steps or
// bytes, keep it for errors.
func (l Limits) Whole() Limits { return newMeter(l).limits }

// work counts n steps. It is false once a limit is reached.
func (m *meter) work(n int) bool {
	if m.fuel -= n; m.fuel < 0 {
		m.refuel()
	}
	return !m.full
}

// refuel begins the next portion of steps, or makes the graph full where the limit is reached
// or the context has ended. Looking at the context for every step would take longer than most
// steps do.
func (m *meter) refuel() {
	m.spent = m.Steps()
	m.issued = min(portion, m.limits.Steps-m.spent)
	m.fuel = m.issued
	switch c := m.limits.Context; {
	case m.issued <= 0:
		m.issued, m.fuel = 0, 0
		m.stop(fmt.Errorf("more than %d steps", m.limits.whole.Steps))
	case c != nil && c.Err() != nil:
		m.stop(&cancelled{c.Err(), context.Cause(c)})
	}
}

// hold counts bytes, which are given back with a number below 0.
func (m *meter) hold(bytes int) {
	if m.held += bytes; m.held > m.limits.Memory {
		m.stop(fmt.Errorf("more than %d bytes", m.limits.whole.Memory))
	}
}

// stop makes the graph full; the first reason stays.
func (m *meter) stop(why error) {
	if !m.full {
		m.full, m.why = true, why
	}
}

// Steps is how many steps were done.
func (m *meter) Steps() int { return m.spent + m.issued - m.fuel }

// Full says that a limit was reached. What the graph has answered since means
// nothing.
func (m *meter) Full() bool { return m.full }

// Err says which limit was reached, nil if none was.
func (m *meter) Err() error { return m.why }

// Stopped is the error for work that met a limit at a place. It wraps ErrUndecided or, if
// the context was done, what that says.
func (m *meter) Stopped(place string) error {
	var c *cancelled
	switch {
	case !m.full:
		return nil
	case errors.As(m.why, &c):
		return fmt.Errorf("%s: %w", place, m.why)
	}
	return fmt.Errorf("%w: %s: %w", ErrUndecided, place, m.why)
}

// Undecided is the error if a limit was reached.
func (m *meter) Undecided() error { return m.Stopped("comparing the answers") }

// cancelled is what a context says that is done.
type cancelled struct{ err, cause error }

func (c *cancelled) Error() string {
	if c.cause == c.err {
		return c.err.Error()
	}
	return fmt.Sprintf("%v: %v", c.err, c.cause)
}

func (c *cancelled) Unwrap() []error { return []error{c.err, c.cause} }

// Minus is the limits without steps that were spent already; one step at least is left.
func (l Limits) Minus(spent int) Limits {
	all := newMeter(l).limits
	all.Steps = max(all.Steps-spent, 1)
	return all
}

// Divide is the limits of one of so many tries: a part of the steps, and all of the memory.
//
// Tries follow one another and free what they held, so each may have all of the memory.
func (l Limits) Divide(of int) Limits {
	all := newMeter(l).limits
	all.Steps = max(all.Steps/of, 1)
	return all
}
