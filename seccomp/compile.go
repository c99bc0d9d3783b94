// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/decision"
	"github.com/gosieve/sieve/internal/settings"
)

// Compile makes a filter whose answer equals Evaluate's for every call: one
// program, or a stack if the kernel's 4096 instructions are not enough. The same
// policy and options give the same instructions on every machine.
//
// Errors wrap ErrPolicy for a policy that Validate refuses, and bpf.ErrTooLong
// for one that no stack holds which the kernel takes, or for which none was found within
// the limits (Within): all programs together may have 32768 instructions of the
// kernel's own form (bpf.Program.ExtendedLen), and one program must hold all decisions
// that ask a supervisor (Notify). Such an error names the calls with the most rules.
func (p *Policy) Compile(opts ...Option) (Filter, error) {
	known := arch.Known
	if p.meetsAllNames() {
		known = func(string) bool { return true } // collect looks names up in any case
	}
	if err := p.validate(known); err != nil {
		return nil, err
	}
	s := settings.Of(opts)
	c := compiler{policy: p, histogram: s.Histogram, Graph: decision.New(12 + 3*min(conditions(p), 1000))}
	filter, err := c.lowerAndLayOut(&s)
	if err != nil {
		return nil, err
	}
	if s.Busiest != nil && c.largest.rules > 0 {
		*s.Busiest = c.say(c.largest)
	}
	switch err := filter.check(); {
	case errors.Is(err, bpf.ErrTooLong):
		return nil, err
	case err != nil:
		panic("seccomp: compiled filter is invalid: " + err.Error())
	}
	return filter, nil
}

// lowerAndLayOut makes the diagram and then the programs, within the limits of the options. Work that meets a limit panics with
// decision.Spent deep in the graph; it is caught here, and nowhere else. Any other panic goes on.
func (c *compiler) lowerAndLayOut(s *settings.Settings) (filter Filter, err error) {
	defer func() {
		if r := recover(); r != nil {
			spent, ok := r.(decision.Spent)
			if !ok {
				panic(r)
			}
			filter, err = nil, c.stopped(spent)
		}
	}()
	c.Bound(budget(s))
	c.yes = c.Leaf(uint32(Allow) + 1)
	n := c.arches() // lowering: lower.go
	if c.calls.unknown {
		return nil, c.policy.Validate()
	}
	c.at = place{}
	return c.layOutStack(n, prices[s.Goal]) // stack.go
}

// meetsAllNames says whether compiling looks up every name: no rule is for ABIs
// that may not be listed.
func (p *Policy) meetsAllNames() bool {
	if p == nil {
		return false
	}
	return len(p.Arches) > 0 && !slices.ContainsFunc(p.Rules, func(r Rule) bool { return len(r.Arches) > 0 })
}

// conditions is how many conditions on arguments the rules have.
func conditions(p *Policy) int {
	n := 0
	for i := range p.Rules {
		n += len(p.Rules[i].Args)
	}
	return n
}
