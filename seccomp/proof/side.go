// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof/internal/diagram"
)

// Side is one side of a comparison: a policy or a filter. Of makes it. The zero Side
// is an error of Diff.
type Side struct {
	policy *seccomp.Policy
	filter seccomp.Filter
}

// Of makes a policy or a filter a side of a comparison. A nil filter has no programs,
// like Filter{}, and allows every call. A nil policy is an error of Diff.
func Of[T *seccomp.Policy | seccomp.Filter](x T) Side {
	if p, ok := any(x).(*seccomp.Policy); ok {
		return Side{policy: p}
	}
	return Side{filter: append(seccomp.Filter{}, any(x).(seccomp.Filter)...)}
}

// validate refuses a side that has no meaning.
func (s Side) validate() error {
	switch {
	case s.policy != nil:
		return s.policy.Validate()
	case s.filter != nil:
		return diagram.Check(s.filter)
	}
	return fmt.Errorf("%w: a side of a comparison is nil, want a policy or a filter", seccomp.ErrPolicy)
}

// programs are the filter's programs as the engine takes them; a policy has none.
func (s Side) programs() [][]symbolic.Instruction {
	var list [][]symbolic.Instruction
	for _, program := range s.filter {
		list = append(list, symbolic.Code(program))
	}
	return list
}

// answers is what the kernel does, as a function of the input.
func (s Side) answers(g *symbolic.Graph) (symbolic.Answer, error) {
	if s.policy != nil {
		return diagram.Policy(g, s.policy)
	}
	return diagram.Filter(g, s.filter)
}

// action is what the kernel does for one call. It uses Evaluate and Run, not diagrams, and
// so checks what the diagrams say.
func (s Side) action(c *seccomp.Call) seccomp.Action {
	if s.policy != nil {
		return diagram.Effective(s.policy.Evaluate(c))
	}
	return diagram.Effective(s.filter.Run(c))
}

// abis are the ABIs that the side is about: a policy lists them, for a filter they are
// guessed (ABIs).
func (s Side) abis() []arch.Arch {
	if s.policy != nil {
		return s.policy.Arches
	}
	return diagram.ABIs(s.filter)
}
