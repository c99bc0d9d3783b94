// SPDX-License-Identifier: Apache-2.0

package symbolic

import "errors"

// Some results are left open: bits that follow those of the input, and may be
// anything. What does not depend on them is exact.

// They come from two places: a shift by a register that holds 32 or more, which the kernel
// leaves open, and, in a sketch, products and quotients. The two differ in what they mean. A
// shift's result is truly unspecified: programs agree only if they agree whatever it is. The
// result of a product is merely not worked out.

// operation is an operation on values.
type operation struct {
	op   uint16
	a, b Value
}

// result is the open result of an operation. The same operation on the same
// values has the same result, whatever it is.
func (g *Graph) result(op uint16, a, b Value) Value {
	if g.results == nil {
		g.results = map[operation]int{}
	}
	level, ok := g.results[operation{op, a, b}]
	if !ok {
		level = g.unknown()
		g.results[operation{op, a, b}] = level
	}
	return g.openAt(level)
}

// unknown makes 32 bits that are open, and says at which level they begin.
//
// Their levels come after those of the input, so a diagram looks at the whole input
// before any of them. A function that does not depend on them has no vertex there.
func (g *Graph) unknown() int {
	level := inputLevels + 32*g.unknowns
	if level+32 > endLevel {
		g.stop(errors.New("too many open results"))
		return inputLevels
	}
	g.unknowns++
	return level
}

// openAt is the value of the open bits from level on.
func (g *Graph) openAt(level int) Value {
	var b [32]Node
	for i := range b {
		b[i] = g.run(level+i, 1, 1<<31, True, False)
	}
	return g.value(b)
}
