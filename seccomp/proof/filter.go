// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// soundFilter refuses programs that the kernel does.
func checkFilter(f seccomp.Filter) error {
	for i, program := range f {
		if err := program.Check(); err != nil {
			return inProgram(f, i, err)
		}
	}
	return nil
}

// inProgram names the program that an error is about, if there are several.
func inProgram(f seccomp.Filter, program int, err error) error {
	if len(f) == 1 {
		return err
	}
	return fmt.Errorf("program %d: %w", program, err)
}

// filterABIs are those with whose AUDIT_ARCH tokens a program compares something.
func filterABIs(f seccomp.Filter) []arch.Arch {
	const jeqK = 0x15
	var list []arch.Arch
	for _, program := range f {
		for _, i := range program {
			if i.Op != jeqK || i.K < 1<<16 {
				continue
			}
			if abi, ok := arch.Of(i.K, 0); ok && !slices.Contains(list, abi) {
				list = append(list, abi)
			}
		}
	}
	return list
}

// filterAnswers is Run as a function of all calls, and then what the kernel makes of
// the value.
func filterAnswers(g *symbolic.Graph, f seccomp.Filter) (symbolic.Answer, error) {
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
	if !plain(f) {
		answer = effectiveAnswer(g, answer)
	}
	return answer, nil
}

// plain says whether the kernel takes all returned values as they are.
func plain(f seccomp.Filter) bool {
	for _, program := range f {
		for _, i := range program {
			value, constant, ends := symbolic.Instruction(i).Returns()
			if a := seccomp.Action(value); ends && (!constant || effective(a) != a) {
				return false
			}
		}
	}
	return true
}
