// SPDX-License-Identifier: Apache-2.0

package symbolic

import "math/bits"

// Registers hold values. Filters hardly ever compute: nearly every value is a word, or a
// word with a mask, or a constant. Those have a short form, and a comparison of it with a
// constant is a diagram of runs that is made bit group by bit group, without joining.

// Value is 32 functions, one for each bit of a register. What most programs need
// has a short form: a constant, or some bits of one input word.
//
// Values of one graph can be compared with == and be keys of a map. If they are equal,
// the functions are; if not, the functions may still be, as a vector may happen to be a
// word.
type Value struct {
	kind kind
	word uint8
	k    uint32    // the constant, or the mask of the word
	bits *[32]Node // bit 0 first; unique in a graph
}

type kind uint8

const (
	constant kind = iota
	input
	function
)

// Constant is the value k.
func Constant(k uint32) Value { return Value{kind: constant, k: k} }

// Input is the value of an input word's bits in mask.
func Input(word uint8, mask uint32) Value {
	if mask == 0 {
		return Constant(0)
	}
	return Value{kind: input, word: word, k: mask}
}

// IsConstant says whether the value is the same for all inputs.
func (v Value) IsConstant() bool { return v.kind == constant }

// Bits are the functions of the value's bits, bit 0 first.
func (g *Graph) Bits(v Value) [32]Node {
	if v.kind == function {
		return *v.bits
	}
	var b [32]Node
	for i := range b {
		switch {
		case v.k>>i&1 == 0:
			b[i] = False
		case v.kind == constant:
			b[i] = True
		default:
			b[i] = g.bit(v.word, i)
		}
	}
	return b
}

// bit is the function that is one bit of the input.
func (g *Graph) bit(word uint8, bit int) Node {
	return g.run(int(g.level[word][bit]), 1, 1<<31, True, False)
}

// value is the value with those bits: a constant if all are, and else a vector, of which
// the graph has one copy. So values are equal if they are the same functions, unless one is
// in short form.
func (g *Graph) value(b [32]Node) Value {
	k, known := uint32(0), true
	for i, n := range b {
		known = known && n&leafBit != 0
		if n == True {
			k |= 1 << i
		}
	}
	if known {
		return Constant(k)
	}
	g.work(8)
	return Value{kind: function, bits: unique(g, &g.vectors, b, vectorBytes)}
}

// Choose is the value that is v where c holds and w elsewhere.
//
// c has the values 0 and 1. The cost is 32 calls of Ite.
func (g *Graph) Choose(c Node, v, w Value) Value {
	if v == w {
		return v
	}
	a, b := g.Bits(v), g.Bits(w)
	for i := range a {
		a[i] = g.Ite(c, a[i], b[i])
	}
	return g.value(a)
}

// Leaves is the function whose value is all of v, for values that take few.
//
// v with n varying bits has 2^n values and as many leaves, which is why answers use it up
// to fewBits.
func (g *Graph) Leaves(v Value) Node {
	if v.kind == constant {
		return g.Leaf(v.k)
	}
	n := g.Leaf(0)
	for i, b := range g.Bits(v) {
		if b != False {
			n = g.Ite(b, g.Map(n, func(x uint32) uint32 { return x | 1<<i }), n)
		}
	}
	return n
}

// varying is how many of the value's bits are not the same for all inputs.
func (g *Graph) varying(v Value) int {
	switch v.kind {
	case constant:
		return 0
	case input:
		return bits.OnesCount32(v.k)
	}
	n := 0
	for _, b := range v.bits {
		if b&leafBit == 0 {
			n++
		}
	}
	return n
}

// Equal is where v and w are equal.
func (g *Graph) Equal(v, w Value) Node {
	if v.kind == constant {
		v, w = w, v
	}
	if v.kind == input && w.kind == constant {
		return g.wordEqual(v, w.k)
	}
	a, b, n := g.Bits(v), g.Bits(w), True
	for i := range a {
		n = g.Ite(g.Xor(a[i], b[i]), False, n)
	}
	return n
}

// AtLeast is where v >= w, unsigned.
//
// It goes from the lowest bit up. At each bit, v decides if the two differ, and else what
// the bits below said stays. Equal numbers are at least each other, so it begins with
// True.
func (g *Graph) AtLeast(v, w Value) Node {
	if v.kind == input && w.kind == constant {
		return g.wordAtLeast(v, w.k)
	}
	a, b, n := g.Bits(v), g.Bits(w), True
	for i := range a {
		n = g.Ite(g.Xor(a[i], b[i]), a[i], n)
	}
	return n
}

// intersects is where v and w have a bit in common, as JSET asks.
func (g *Graph) intersects(v, w Value) Node {
	if v.kind == input && w.kind == constant {
		return g.Not(g.wordEqual(Input(v.word, v.k&w.k), 0))
	}
	a, b, n := g.Bits(v), g.Bits(w), False
	for i := range a {
		n = g.Ite(g.And(a[i], b[i]), True, n)
	}
	return n
}

// wordEqual is where some bits of a word are k. It goes from the lowest bit up, with a
// vertex for each run of bits of the mask.
//
// v.k is the mask. A bit of k outside of it can never be equal. For mask 0xff0000ff and a
// k within it the diagram has two vertices.
func (g *Graph) wordEqual(v Value, k uint32) Node {
	if k&^v.k != 0 {
		return False
	}
	if v.kind == constant {
		return True // no bits of a word, and k is 0
	}
	n := True
	for low := 0; low < 32; {
		if v.k>>low&1 == 0 {
			low++
			continue
		}
		length := 1
		if g.contiguous(v.word) {
			length = bits.TrailingZeros32(^(v.k >> low))
		}
		top := low + length - 1
		n = g.run(int(g.level[v.word][top]), length, k<<(31-top)&(^uint32(0)<<(32-length)), n, False)
		low = top + 1
	}
	return n
}

// wordAtLeast is where some bits of a word are k or more, with a vertex for each run of
// equal bits of k.
func (g *Graph) wordAtLeast(v Value, k uint32) Node {
	n := True // of the bits below, if those from here on are equal
	for low := 0; low < 32; {
		wanted, have := k>>low&1, v.k>>low&1
		if have == 0 {
			if wanted == 1 {
				n = False
			}
			low++
			continue
		}
		length := 1
		if g.contiguous(v.word) {
			same := k >> low // as long as the bits of k are the same as this one
			if wanted == 1 {
				same = ^same
			}
			length = min(bits.TrailingZeros32(^(v.k >> low)), bits.TrailingZeros32(same))
		}
		top := low + length - 1
		level := int(g.level[v.word][top])
		if wanted == 1 {
			n = g.run(level, length, ^uint32(0)<<(32-length), n, False)
		} else {
			n = g.run(level, length, 0, n, True)
		}
		low = top + 1
	}
	return n
}
