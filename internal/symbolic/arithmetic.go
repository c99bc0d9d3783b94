// SPDX-License-Identifier: Apache-2.0

package symbolic

// The operations of the machine on values, as a circuit of gates: each bit of the result
// is a function of the operands' bits. All are exact. Sums and differences are ripple-carry
// adders and have small diagrams if the operands' bits are interleaved. Products and
// quotients do not: there the graph soon is full, which the explorer reports.
//
// Short forms are kept where an operation allows it (Mask of a word is a word), because
// comparisons with constants are much quicker on them.

// Mask is the bits that v and w have in common.
func (g *Graph) Mask(v, w Value) Value {
	switch {
	case v.kind == constant && w.kind == constant:
		return Constant(v.k & w.k)
	case v.kind == input && w.kind == constant:
		return Input(v.word, v.k&w.k)
	}
	return g.bitwise(v, w, g.And)
}

// or is the bits that v or w has. There is no short form: a word with bits added is
// neither a word nor a constant.
func (g *Graph) or(v, w Value) Value {
	if w == Constant(0) {
		return v
	}
	return g.bitwise(v, w, g.Or)
}

// Flip is the bits in which v and w differ.
func (g *Graph) Flip(v, w Value) Value {
	if w == Constant(0) {
		return v
	}
	return g.bitwise(v, w, g.Xor)
}

// bitwise applies a gate to each pair of bits.
func (g *Graph) bitwise(v, w Value, op func(a, b Node) Node) Value {
	a, b := g.Bits(v), g.Bits(w)
	for i := range a {
		a[i] = op(a[i], b[i])
	}
	return g.value(a)
}

// add is v + w modulo 2^32, as the machine computes: a carry out of bit 31 is lost.
func (g *Graph) add(v, w Value) Value {
	if w == Constant(0) {
		return v
	}
	return g.value(g.sum(g.Bits(v), g.Bits(w), False))
}

// sub is v + ^w + 1.
func (g *Graph) sub(v, w Value) Value {
	if w == Constant(0) {
		return v
	}
	return g.value(g.sum(g.Bits(v), g.invert(g.Bits(w)), True))
}

// neg is -v modulo 2^32. -0 is 0, and -1<<31 is itself.
func (g *Graph) neg(v Value) Value { return g.sub(Constant(0), v) }

// invert is ^a.
func (g *Graph) invert(a [32]Node) [32]Node {
	for i := range a {
		a[i] = g.Not(a[i])
	}
	return a
}

// sum adds with a carry, from the lowest bit up.
//
// It is a full adder for each bit. The carry is the majority of a, b and the carry
// before: if a and b differ, the carry decides, and else a and b are the same and either
// does.
func (g *Graph) sum(a, b [32]Node, carry Node) [32]Node {
	g.work(len(a))
	for i := range a {
		differ := g.Xor(a[i], b[i])
		a[i], carry = g.Xor(differ, carry), g.Ite(differ, carry, a[i])
	}
	return a
}

// shiftLeft moves bits up by a constant and fills with 0.
func (g *Graph) shiftLeft(a [32]Node, by int) [32]Node {
	var r [32]Node
	for i := range r {
		r[i] = False
		if i >= by {
			r[i] = a[i-by]
		}
	}
	return r
}

// shiftRight moves bits down by a constant and fills with 0.
func (g *Graph) shiftRight(a [32]Node, by int) [32]Node {
	var r [32]Node
	for i := range r {
		r[i] = False
		if i+by < 32 {
			r[i] = a[i+by]
		}
	}
	return r
}

// mul adds v, shifted, for every bit of w. A constant comes second, because bits that are
// False add nothing.
//
// The product is modulo 2^32: bits that a shift moves beyond bit 31 are lost. A product
// of two words has no small diagram in any order of bits, so the loop stops once the
// graph is full.
func (g *Graph) mul(v, w Value) Value {
	if v.kind == constant {
		v, w = w, v
	}
	a, b := g.Bits(v), g.Bits(w)
	r := g.Bits(Constant(0))
	for i := 0; i < 32 && !g.full; i++ {
		if b[i] == False {
			continue
		}
		row := g.shiftLeft(a, i)
		for k := range row {
			row[k] = g.And(row[k], b[i])
		}
		r = g.sum(r, row, False)
	}
	return g.value(r)
}

// div is long division; w must not be 0 for any input that matters. What is left over
// never has more bits than were taken from v, so no shift loses one.
//
// A constant power of two is a shift and costs nothing. A constant 0 does not come here:
// the kernel refuses such a program when it is loaded (bpf_check_classic,
// net/core/filter.c).
func (g *Graph) div(v, w Value) Value {
	if w.kind == constant && w.k&(w.k-1) == 0 {
		by := 0
		for w.k>>by > 1 {
			by++
		}
		return g.value(g.shiftRight(g.Bits(v), by))
	}
	a, b := g.Bits(v), g.invert(g.Bits(w))
	rest := g.Bits(Constant(0))
	var quotient [32]Node
	for i := 31; i >= 0 && !g.full; i-- {
		rest = g.shiftLeft(rest, 1)
		rest[0] = a[i]
		less, borrowed := g.subtract(rest, b)
		fits := g.Not(borrowed)
		for k := range rest {
			rest[k] = g.Ite(fits, less[k], rest[k])
		}
		quotient[i] = fits
	}
	return g.value(quotient)
}

// subtract is a minus the number whose inverse is b, and where that is below 0. It is the
// adder of sub, which also keeps the carry out of the highest bit.
func (g *Graph) subtract(a, b [32]Node) (less [32]Node, borrowed Node) {
	carry := True
	g.work(len(a))
	for i := range a {
		differ := g.Xor(a[i], b[i])
		a[i], carry = g.Xor(differ, carry), g.Ite(differ, carry, a[i])
	}
	return a, g.Not(carry)
}

// shift moves v by w bits, to the left or right. Where w is 32 or more the result is
// beyond. A shift by a value is a barrel shifter: five shifts by powers of two, each one
// chosen by a bit of w.
//
// A constant of 32 or more is refused when the program is loaded (bpf_check_classic), so
// beyond matters for a shift by X alone.
func (g *Graph) shift(v, w Value, left bool, beyond Value) Value {
	move := g.shiftRight
	if left {
		move = g.shiftLeft
	}
	a := g.Bits(v)
	if w.kind == constant && w.k < 32 {
		return g.value(move(a, int(w.k)))
	}
	by := g.Bits(w)
	for i := range 5 {
		moved := move(a, 1<<i)
		for k := range a {
			a[k] = g.Ite(by[i], moved[k], a[k])
		}
	}
	return g.Choose(g.AtLeast(w, Constant(32)), beyond, g.value(a))
}
