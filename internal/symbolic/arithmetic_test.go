// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestArithmetic holds every operation on values to the machine's arithmetic, with
// operands that are constants, words, and computed.
func TestArithmetic(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	g := New(LittleEndian().Interleave([]uint16{1<<4 | 1<<6}), Limits{})
	beyond := Constant(7)
	tests := map[string]struct {
		symbolic func(v, w Value) Value
		plain    func(a, b uint32) uint32
	}{
		"and":      {g.Mask, func(a, b uint32) uint32 { return a & b }},
		"or":       {g.or, func(a, b uint32) uint32 { return a | b }},
		"xor":      {g.Flip, func(a, b uint32) uint32 { return a ^ b }},
		"add":      {g.add, func(a, b uint32) uint32 { return a + b }},
		"sub":      {g.sub, func(a, b uint32) uint32 { return a - b }},
		"negative": {func(v, _ Value) Value { return g.neg(v) }, func(a, _ uint32) uint32 { return -a }},
		"mul":      {g.mul, func(a, b uint32) uint32 { return a * b }},
		"div":      {func(v, w Value) Value { return g.div(v, g.or(w, Constant(1))) }, func(a, b uint32) uint32 { return a / (b | 1) }},
		"left": {func(v, w Value) Value { return g.shift(v, w, true, beyond) }, func(a, b uint32) uint32 {
			if b >= 32 {
				return 7
			}
			return a << b
		}},
		"right": {func(v, w Value) Value { return g.shift(v, w, false, beyond) }, func(a, b uint32) uint32 {
			if b >= 32 {
				return 7
			}
			return a >> b
		}},
	}
	operand := func(word uint8) (Value, func(*Data) uint32) {
		k, mask := []uint32{0, 1, 2, 3, 8, 31, 1 << 31, 1<<32 - 1}[r.IntN(8)], []uint32{0x7, 0x70, 0x80000003}[r.IntN(3)]
		switch r.IntN(3) {
		case 0:
			return Constant(k), func(*Data) uint32 { return k }
		case 1:
			return Input(word, mask), func(d *Data) uint32 { return d[word] & mask }
		}
		return g.add(Input(word, mask), Constant(k)), func(d *Data) uint32 { return d[word]&mask + k }
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			for range 60 {
				v, a := operand(4)
				w, b := operand(6)
				result := g.Computed(tt.symbolic(v, w))
				for range 20 {
					d := Data{4: r.Uint32(), 6: r.Uint32()}
					got, _ := g.Returned(result, &d)
					require.Equal(t, tt.plain(a(&d), b(&d)), got, "%#x and %#x", a(&d), b(&d))
				}
			}
		})
	}
	require.False(t, g.full)
}

// TestArithmeticNeutral: an operand that changes nothing leaves the short form of a
// value, which comparisons are quick with.
func TestArithmeticNeutral(t *testing.T) {
	g := New(LittleEndian(), Limits{})
	word, zero := Input(4, ^uint32(0)), Constant(0)
	for _, same := range []Value{g.or(word, zero), g.Flip(word, zero), g.add(word, zero), g.sub(word, zero), g.Mask(word, Constant(^uint32(0)))} {
		require.Equal(t, word, same)
	}
	require.Equal(t, Input(4, 0xf0), g.Mask(word, Constant(0xf0)))
	require.Equal(t, Constant(0x10), g.Mask(Constant(0x1f), Constant(0xf0)))
}
