// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// maxDecompiled is how many rules Decompile makes at most: enough for every call of every
// ABI, and far more than a person reads.
const maxDecompiled = 1 << 14

// Decompile makes a policy that means exactly what the filter does, which is proved.
// Rules name calls where their ABI has a name for the number, and give ranges
// of numbers elsewhere. No two rules with different actions match one call, and so their
// order does not matter, unless an order makes them much fewer.
//
// An error wraps bpf.ErrInvalid for a program that the kernel refuses, and
// ErrUndecided, with the reason, for a filter that no policy of at most 16384 rules is
// like, or none that is found within the limits, and for one that looks at the
// instruction pointer, at the upper half of an argument on an ABI of 32 bits or at
// part of an unknown AUDIT_ARCH token, or that computes its answer.
func Decompile(f seccomp.Filter, opts ...seccomp.Option) (*seccomp.Policy, error) {
	if err := checkFilter(f); err != nil {
		return nil, err
	}
	limits := limitsOf(opts)
	d, err := newDecompiler(f, limits)
	if err != nil {
		return nil, err
	}
	if err := d.arches(); err != nil {
		return nil, err
	}
	if err := d.shortest(); err != nil {
		return nil, err
	}
	return d.policy, d.proved(f)
}

// proved proves that the policy equals the filter, with what is left of the limits. So
// a mistake in the search for rules gives an error and never a wrong policy.
func (d *decompiler) proved(f seccomp.Filter) error {
	limits := d.limits
	limits.Steps = d.left()
	err := prove(f, d.policy, limits)
	var wrong *Counterexample
	if errors.As(err, &wrong) {
		return fmt.Errorf("decompiling found a policy that is not the filter's, which is a defect of this package: %w", err)
	}
	return err
}

var errShift = fmt.Errorf("%w: answers rest on a register that holds 32 or more and shifts, which the kernel leaves open", ErrUndecided)

// decompiler reads a policy off the diagram of a filter.
type decompiler struct {
	*symbolic.Graph
	*budget
	answer   symbolic.Node
	policy   *seccomp.Policy
	domains  []domainAnswer // of the policy's ABIs
	defaults []seccomp.Action
	calls    map[callKey]*callRules
}

// newDecompiler makes the diagram of the filter. It tries the byte orders of the
// question in turn, with a share of the limits each, and takes the first diagram that
// fits. If none fits, the error is that of the first.
func newDecompiler(f seccomp.Filter, limits symbolic.Limits) (*decompiler, error) {
	q, err := newQuestion(Side{filter: f}, Side{filter: seccomp.Filter{}}, limits)
	if err != nil {
		return nil, err
	}
	all := newBudget(limits)
	var first error
	for i, order := range q.Orders {
		g, n, err := ordered(f, order(), q.Meetings, all, all.left()/(len(q.Orders)-i+1))
		if err == nil {
			all.main = g
			return &decompiler{Graph: g, budget: all, answer: n, policy: &seccomp.Policy{}, calls: map[callKey]*callRules{}}, nil
		}
		all.charge(g)
		if first == nil {
			first = err
		}
		if !errors.Is(err, ErrUndecided) || errors.Is(err, errShift) || errors.Is(err, errComputed) {
			return nil, err
		}
	}
	return nil, first
}

// ordered makes the diagram of the filter in one order of bits, within so many steps. If
// operations bring words together (a comparison of two words, say), the diagram is made
// with the bits of those words interleaved, where it is small, and then copied to
// the plain order: rules look at words one after the other.
func ordered(f seccomp.Filter, order symbolic.Order, meetings []uint16, all *budget, steps int) (*symbolic.Graph, symbolic.Node, error) {
	if len(meetings) == 0 {
		g := all.graph(order, steps)
		n, err := function(g, f)
		return g, n, err
	}
	g := all.graph(order.Together(meetings), steps)
	n, err := function(g, f)
	if err != nil {
		return g, n, err
	}
	all.charge(g)
	plain := all.graph(order, steps) // with words one after the other
	n = plain.Copy(g, n)
	return plain, n, plain.Undecided()
}

var errComputed = fmt.Errorf("%w: the filter computes its answer from the call", ErrUndecided)

// function is what the filter answers, as one function with answers as leaves. Errors are
// those of the limits, errComputed and errShift.
func function(g *symbolic.Graph, f seccomp.Filter) (symbolic.Node, error) {
	answer, err := filterAnswers(g, f)
	if err != nil {
		return 0, err
	}
	n, ok := answer.Function()
	rests := ok && g.Rests(symbolic.Difference{A: n, B: g.Leaf(uint32(seccomp.Allow))})
	switch err := g.Undecided(); {
	case err != nil:
		return 0, err
	case !ok:
		return 0, errComputed
	case rests:
		return 0, errShift
	}
	return n, nil
}
