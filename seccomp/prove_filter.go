// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
)

func (f Filter) sound() error {
	for i, program := range f {
		if err := program.Check(); err != nil {
			return f.at(i, err)
		}
	}
	return nil
}

// at names the program that an error is about, if there are several.
func (f Filter) at(program int, err error) error {
	if len(f) == 1 {
		return err
	}
	return fmt.Errorf("program %d: %w", program, err)
}

func (f Filter) programs() [][]symbolic.Instruction {
	var list [][]symbolic.Instruction
	for _, program := range f {
		list = append(list, symbolic.Code(program))
	}
	return list
}

// abis are those with whose AUDIT_ARCH tokens a program compares something.
func (f Filter) abis() []arch.Arch {
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

func (f Filter) action(c *Call) Action { return meant(f.Run(c)) }

// answers is Run as a function of all calls, and then what the kernel makes of
// the value.
func (f Filter) answers(g *symbolic.Graph) (symbolic.Answer, error) {
	answer := g.Answer(g.Leaf(uint32(Allow)))
	for i := len(f) - 1; i >= 0; i-- {
		a, err := g.Explore(symbolic.Code(f[i]))
		if err != nil {
			return a, f.at(i, err)
		}
		if i == len(f)-1 {
			answer = a
		} else {
			answer = restrict(g, answer, a)
		}
	}
	if !f.plain() {
		answer = meaning(g, answer)
	}
	return answer, nil
}

// plain says whether the kernel takes all returned values as they are.
func (f Filter) plain() bool {
	const class, retK = 0x07, 0x06
	for _, program := range f {
		for _, i := range program {
			if i.Op&class == retK && (i.Op != retK || meant(Action(i.K)) != Action(i.K)) {
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
			if Action(b).Rank() < Action(a).Rank() {
				return b
			}
			return a
		}))
	}
	x, y := g.Word(first), g.Word(second)
	return g.Computed(g.Choose(g.AtLeast(rank(g, y), rank(g, x)), x, y))
}

// rank orders values as Action.Rank does, but unsigned.
func rank(g *symbolic.Graph, v symbolic.Value) symbolic.Value {
	return g.Flip(g.Mask(v, symbolic.Constant(uint32(actionMask))), symbolic.Constant(1<<31))
}

// meaning is meant for all calls.
func meaning(g *symbolic.Graph, a symbolic.Answer) symbolic.Answer {
	if n, ok := a.Function(); ok {
		return g.Answer(g.Each(n, func(v uint32) uint32 { return uint32(meant(Action(v))) }))
	}
	v := g.Word(a)
	kind := g.Mask(v, symbolic.Constant(uint32(actionMask)))
	is := func(a Action) symbolic.Node { return g.Equal(kind, symbolic.Constant(uint32(a))) }
	result := symbolic.Constant(uint32(KillProcess))
	for _, a := range []Action{Allow, Log, Notify, KillThread} {
		result = g.Choose(is(a), kind, result)
	}
	result = g.Choose(g.Or(is(trap), is(trace)), v, result)
	large := g.AtLeast(g.Mask(v, symbolic.Constant(uint32(dataMask))), symbolic.Constant(MaxErrno))
	capped := g.Choose(large, symbolic.Constant(uint32(errno|MaxErrno)), v)
	return g.Computed(g.Choose(is(errno), capped, result))
}
