// SPDX-License-Identifier: Apache-2.0

package diagram

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/symbolic"
	"github.com/gosieve/sieve/seccomp"
)

// Matches is the set of inputs for which all conditions of a rule (Rule.Args) hold.
func Matches(g *symbolic.Graph, abi arch.Arch, args []seccomp.Arg) symbolic.Node {
	c := conditions{g}
	all := symbolic.True
	for i := range args {
		all = c.And(all, c.holds(abi, &args[i]))
	}
	return all
}

// conditions makes diagrams of conditions.
type conditions struct{ *symbolic.Graph }

// holds is the set of inputs for which one condition holds. It is Arg.holds of package
// seccomp, written once more on two halves of 32 bits: a program can load 32 bits only,
// and the diagrams' order keeps the halves apart.
func (c conditions) holds(abi arch.Arch, a *seccomp.Arg) symbolic.Node {
	x := argument(abi, a)
	value := halvesOf(a.Value)
	switch a.Op {
	case seccomp.EQ:
		return c.equal(x, value)
	case seccomp.NE:
		return c.Not(c.equal(x, value))
	case seccomp.LT:
		return c.Not(c.atLeast(x, value))
	case seccomp.LE:
		return c.Or(c.Not(c.atLeast(x, value)), c.equal(x, value))
	case seccomp.GT:
		return c.And(c.atLeast(x, value), c.Not(c.equal(x, value)))
	case seccomp.GE:
		return c.atLeast(x, value)
	}
	mask := halvesOf(a.Mask)
	masked := halves{c.Mask(x.high, mask.high), c.Mask(x.low, mask.low)}
	return c.equal(masked, halvesOf(a.Value&a.Mask))
}

// halves is a number of 64 bits. Each half is a constant or a word of the input.
type halves struct{ high, low symbolic.Value }

// halvesOf is a constant of 64 bits.
func halvesOf(x uint64) halves {
	return halves{symbolic.Constant(uint32(x >> 32)), symbolic.Constant(uint32(x))}
}

// argument is what a condition reads of an argument: in the ABI's byte order, and with
// a high half of 0 for a Narrow condition and for ABIs of 32 bits. There the kernel
// zero-extends arguments (syscall_get_arguments), and a policy ignores that half.
func argument(abi arch.Arch, a *seccomp.Arg) halves {
	first := uint8(4 + 2*a.Index)
	high, low := first+1, first
	if abi.BigEndian() {
		high, low = low, high
	}
	x := halves{symbolic.Input(high, MaxWord), symbolic.Input(low, MaxWord)}
	if a.Narrow || abi.Bits() == 32 {
		x.high = symbolic.Constant(0)
	}
	return x
}

// equal is the set of inputs for which x == y.
func (c conditions) equal(x, y halves) symbolic.Node {
	return c.And(c.Equal(x.high, y.high), c.Equal(x.low, y.low))
}

// atLeast is the set of inputs for which x >= y, without sign: the high halves decide
// unless they are equal.
func (c conditions) atLeast(x, y halves) symbolic.Node {
	return c.Ite(c.Equal(x.high, y.high), c.AtLeast(x.low, y.low), c.AtLeast(x.high, y.high))
}
