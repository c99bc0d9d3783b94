// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"slices"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/settings"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// relation is what is looked for: calls whose answers stand in it.
type relation struct {
	// where are the inputs on which the answers stand in the relation, as differences.
	where func(g *symbolic.Graph, a, b symbolic.Answer) []symbolic.Difference
	// holds says the same of two answers.
	holds func(a, b seccomp.Action) bool
	// parts are sets of inputs, of which no set of calls may be in two. It may be nil, and is
	// to be asked after where.
	parts func(g *symbolic.Graph) []symbolic.Node
}

// different is the relation of Prove and Diff.
func different() *relation {
	return &relation{where: (*symbolic.Graph).Differ, holds: func(a, b seccomp.Action) bool { return a != b }}
}

// differentInOrder is different, and answers that a filter computes are told apart by which
// side is less restrictive. Other sets have one answer on each side anyway.
func differentInOrder() *relation {
	r := *different()
	r.where = func(g *symbolic.Graph, a, b symbolic.Answer) []symbolic.Difference {
		_, one := a.Function()
		_, two := b.Function()
		if !one || !two {
			r.parts = func(g *symbolic.Graph) []symbolic.Node { return diagram.ByRank(g, a, b) }
		}
		return g.Differ(a, b)
	}
	return &r
}

// looser is the relation of AtMost and Looser: a is less restrictive than b. The differences
// are between b and a copy of it that has a's answers there, so that each shows both answers.
func looser() *relation {
	return &relation{
		where: func(g *symbolic.Graph, a, b symbolic.Answer) []symbolic.Difference {
			return g.Differ(diagram.Loosest(g, b, a), b)
		},
		holds: func(a, b seccomp.Action) bool { return a.Rank() > b.Rank() },
	}
}

// newQuestion asks the engine whether no answers of two sides stand in a relation. It collects
// what makes the question easier: which words operations bring together (Meetings), whether the
// programs multiply or divide (Hard), the tokens that are compared, and which byte order
// most ABIs have; that order is tried first.
func newQuestion(a, b Side, r *relation, limits symbolic.Limits) (*symbolic.Question, error) {
	q := &symbolic.Question{
		Limits: limits,
		Orders: []func() symbolic.Order{symbolic.LittleEndian, symbolic.BigEndian},
		Ask: func(g *symbolic.Graph) ([]symbolic.Difference, error) {
			x, err := a.answers(g)
			if err != nil {
				return nil, err
			}
			y, err := b.answers(g)
			return r.where(g, x, y), err
		},
		Differs: func(d *symbolic.Data) bool {
			c := diagram.CallOf(bpf.Data(*d))
			return r.holds(a.action(c), b.action(c))
		},
	}
	q.Same = a.policy == nil && b.policy == nil && slices.EqualFunc(a.filter, b.filter, slices.Equal[bpf.Program])
	balance := 0
	for _, s := range []Side{a, b} {
		if err := s.validate(); err != nil {
			return nil, err
		}
		for _, code := range s.programs() {
			q.Meetings = append(q.Meetings, symbolic.Meetings(code)...)
			q.Hard = q.Hard || symbolic.Hard(code)
			q.Cost += len(code)
		}
		for _, abi := range s.abis() {
			q.Arches = append(q.Arches, abi.Audit())
			if abi.BigEndian() {
				balance++
			} else {
				balance--
			}
		}
	}
	if balance > 0 {
		slices.Reverse(q.Orders)
	}
	return q, nil
}

// limitsOf are the limits that options set. Options about the layout of filters do not
// matter here.
func limitsOf(opts []seccomp.Option) symbolic.Limits {
	s := settings.Of(opts)
	return symbolic.Limits{Context: s.Context, Steps: s.Steps, Memory: s.Memory, Spent: s.Spent}
}
