// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// Check refuses programs that the kernel refuses.
func Check(f seccomp.Filter) error {
	for i, program := range f {
		if err := program.Check(); err != nil {
			return inProgram(f, i, err)
		}
	}
	return nil
}

// inProgram names the program that an error is about, if the filter has several.
func inProgram(f seccomp.Filter, program int, err error) error {
	if len(f) == 1 {
		return err
	}
	return fmt.Errorf("program %d: %w", program, err)
}

// ABIs are the ABIs whose AUDIT_ARCH token some instruction compares something with.
// This is a guess, and only chooses the byte order and tokens that are tried first: the
// result is the same without it. Constants below 1<<16 are call numbers.
func ABIs(f seccomp.Filter) []arch.Arch {
	var list []arch.Arch
	for _, program := range f {
		for _, i := range program {
			token, ok := symbolic.Instruction(i).EqualsConstant()
			if !ok || token < 1<<16 {
				continue
			}
			if abi, ok := arch.Of(token, 0); ok && !slices.Contains(list, abi) {
				list = append(list, abi)
			}
		}
	}
	return list
}

// Filter is what the kernel does for a filter, as a function of the input:
// each program's answer, the most restrictive one of them, and what that means
// (Effective). Without programs it is ALLOW.
func Filter(g *symbolic.Graph, f seccomp.Filter) (symbolic.Answer, error) {
	answer := g.Answer(g.Leaf(uint32(seccomp.Allow)))
	for i := len(f) - 1; i >= 0; i-- {
		a, err := g.Explore(symbolic.Code(f[i]))
		if err != nil {
			return a, inProgram(f, i, err)
		}
		if i == len(f)-1 {
			answer = a
		} else {
			answer = restrict(g, answer, a)
		}
	}
	if !Plain(f) {
		answer = effectiveAnswer(g, answer)
	}
	return answer, nil
}

// Plain says whether every program returns constants only that are effective as they are.
// Then the leaves of the diagrams need no mapping.
func Plain(f seccomp.Filter) bool {
	for _, program := range f {
		for _, i := range program {
			value, constant, ends := symbolic.Instruction(i).Returns()
			if a := seccomp.Action(value); ends && (!constant || Effective(a) != a) {
				return false
			}
		}
	}
	return true
}
