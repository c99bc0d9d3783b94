// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// Counterexample is a call for which a filter does not do what a policy means.
type Counterexample struct {
	Call seccomp.Call
	// ABI is the one that the call comes through, 0 if no ABI has its
	// AUDIT_ARCH token.
	ABI arch.Arch
	// Name is the call's, "" if its ABI has no call of that number.
	Name string
	// Policy is what the policy says, and by which of its parts.
	Policy seccomp.Decision
	// Filter is what Run answers.
	Filter seccomp.Action
	// Steps are the instructions that each program of the filter executes.
	Steps [][]int
}

// newCounterexample describes a call on both sides: by which rule the policy decides,
// and which instructions each program executes.
func newCounterexample(f seccomp.Filter, call *seccomp.Call, p *seccomp.Policy) *Counterexample {
	c := &Counterexample{Call: *call, Policy: p.Explain(call), Filter: f.Run(call)}
	c.ABI, c.Name = diagram.NameOf(call)
	d := seccompdata.Of(call.Audit, call.Nr, call.IP, &call.Args)
	for _, program := range f {
		var steps []int
		program.Trace(&d, func(pc int) { steps = append(steps, pc) })
		c.Steps = append(c.Steps, steps)
	}
	return c
}

// Error says in one line what the call is, and what each side does.
func (c *Counterexample) Error() string {
	if c == nil {
		return "<nil>"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: the policy says %v (%s), the filter %v after", diagram.Describe(&c.Call), c.Policy.Action, c.by(), c.Filter)
	for i, steps := range c.Steps {
		if i > 0 {
			b.WriteString(" and")
		}
		fmt.Fprintf(&b, " %d", len(steps))
	}
	if len(c.Steps) == 0 {
		b.WriteString(" no")
	}
	b.WriteString(" instructions")
	return b.String()
}

// by says which part of the policy decided.
func (c *Counterexample) by() string {
	switch c.Policy.By {
	case seccomp.ByRule:
		return fmt.Sprintf("rule %d", c.Policy.Rule)
	case seccomp.ByDefault:
		return "default"
	}
	return "bad arch"
}
