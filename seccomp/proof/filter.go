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
func soundFilter(f seccomp.Filter) error {
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
		answer = meaning(g, answer)
	}
	return answer, nil
}

// plain says whether the kernel takes all returned values as they are.
func plain(f seccomp.Filter) bool {
	const class, retK = 0x07, 0x06
	for _, program := range f {
		for _, i := range program {
			if i.Op&class == retK && (i.Op != retK || meant(seccomp.Action(i.K)) != seccomp.Action(i.K)) {
				return false
			}
		}
	}
	return true
}

// restrict is the more restrictive answer of two, and of equal ones the first.
func restrict(g *symbolic.Graph, first, second symbolic.Answer) symbolic.Answer {
	a, one := first.Function()
	b, two := second.Function()
	if one && two {
		return g.Answer(g.Join(a, b, func(a, b uint32) uint32 {
			if seccomp.Action(b).Rank() < seccomp.Action(a).Rank() {
				return b
			}
			return a
		}))
	}
	x, y := g.Word(first), g.Word(second)
	return g.Computed(g.Choose(g.AtLeast(rank(g, y), rank(g, x)), x, y))
}

// The parts of a returned value (SECCOMP_RET_ACTION_FULL and SECCOMP_RET_DATA,
// include/uapi/linux/seccomp.h).
const (
	kindMask = 0xffff0000
	dataMask = 0x0000ffff
)

// rank orders values as Action.Rank does, but unsigned.
func rank(g *symbolic.Graph, v symbolic.Value) symbolic.Value {
	return g.Flip(g.Mask(v, symbolic.Constant(kindMask)), symbolic.Constant(1<<31))
}

// meaning is meant for all calls.
func meaning(g *symbolic.Graph, a symbolic.Answer) symbolic.Answer {
	if n, ok := a.Function(); ok {
		return g.Answer(g.Each(n, func(v uint32) uint32 { return uint32(meant(seccomp.Action(v))) }))
	}
	v := g.Word(a)
	kind := g.Mask(v, symbolic.Constant(kindMask))
	is := func(a seccomp.Action) symbolic.Node { return g.Equal(kind, symbolic.Constant(uint32(a))) }
	result := symbolic.Constant(uint32(seccomp.KillProcess))
	for _, a := range []seccomp.Action{seccomp.Allow, seccomp.Log, seccomp.Notify, seccomp.KillThread} {
		result = g.Choose(is(a), kind, result)
	}
	result = g.Choose(g.Or(is(seccomp.Trap(0)), is(seccomp.Trace(0))), v, result)
	large := g.AtLeast(g.Mask(v, symbolic.Constant(dataMask)), symbolic.Constant(seccomp.MaxErrno))
	capped := g.Choose(large, symbolic.Constant(uint32(seccomp.Errno(seccomp.MaxErrno))), v)
	return g.Computed(g.Choose(is(seccomp.Errno(0)), capped, result))
}
