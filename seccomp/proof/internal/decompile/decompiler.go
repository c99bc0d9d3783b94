// SPDX-License-Identifier: Apache-2.0

package decompile

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// maxDecompiled is how many rules Decompile makes at most: enough for every call of every
// ABI, and far more than a person reads.
const maxDecompiled = 1 << 14

var errShift = fmt.Errorf("%w: answers rest on a register that holds 32 or more and shifts, which the kernel leaves open", symbolic.ErrUndecided)

// Policy makes a policy of a filter, whose programs the kernel takes. The question is one
// about the filter: it has the limits, the byte orders to try and the words that
// operations bring together. left is what is left of the limits, for the proof.
func Policy(f seccomp.Filter, q *symbolic.Question) (p *seccomp.Policy, left symbolic.Limits, err error) {
	d, err := newDecompiler(f, q)
	if err == nil {
		err = d.arches()
	}
	if err == nil {
		err = d.shortest()
	}
	if err != nil {
		return nil, left, err
	}
	left = d.limits
	left.Steps = d.left()
	return d.policy, left, nil
}

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
func newDecompiler(f seccomp.Filter, q *symbolic.Question) (*decompiler, error) {
	all := newBudget(q.Limits)
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
		if !errors.Is(err, symbolic.ErrUndecided) || errors.Is(err, errShift) || errors.Is(err, errComputed) {
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
	g := all.graph(order.Interleave(meetings), steps)
	n, err := function(g, f)
	if err != nil {
		return g, n, err
	}
	all.charge(g)
	plain := all.graph(order, steps) // with words one after the other
	n = plain.Copy(g, n)
	return plain, n, plain.Undecided()
}

var errComputed = fmt.Errorf("%w: the filter computes its answer from the call", symbolic.ErrUndecided)

// function is what the filter answers, as one function with answers as leaves. Errors are
// those of the limits, errComputed and errShift.
func function(g *symbolic.Graph, f seccomp.Filter) (symbolic.Node, error) {
	answer, err := diagram.Filter(g, f)
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
