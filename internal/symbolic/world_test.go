// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"math/rand/v2"
	"testing"
)

// What the tests of this package hold it to: a world that is small enough to try all
// inputs of it, programs and functions that see no more than that, and a plain
// interpreter.

// worldWords are the words with the bits that programs of the world see: 8 in all.
var worldWords = [...]struct {
	word uint8
	mask uint32
}{{0, 0x3}, {1, 0x80000001}, {5, 0x6}, {4, 0x41}}

// world is every input of the world.
func world() []Data {
	inputs := []Data{{}}
	for _, w := range worldWords {
		var more []Data
		for _, d := range inputs {
			for v := uint32(0); ; v = (v - w.mask) & w.mask {
				d[w.word] = v
				more = append(more, d)
				if v == w.mask {
					break
				}
			}
		}
		inputs = more
	}
	return inputs
}

// run is what a program returns, by a plain interpreter that knows whole opcodes.
func run(code []Instruction, d *Data) uint32 {
	var a, x uint32
	var m [16]uint32
	for pc := 0; ; pc++ {
		i := code[pc]
		operand, taken := i.K, false
		if i.Op&7 >= 4 && i.Op&7 <= 5 && i.Op&8 != 0 {
			operand = x
		}
		switch i.Op {
		case 0x00:
			a = i.K
		case 0x01:
			x = i.K
		case 0x02:
			m[i.K] = a
		case 0x03:
			m[i.K] = x
		case 0x07:
			x = a
		case 0x87:
			a = x
		case 0x20:
			a = d[i.K/4]
		case 0x60:
			a = m[i.K]
		case 0x61:
			x = m[i.K]
		case 0x80:
			a = 64
		case 0x81:
			x = 64
		case 0x04, 0x0c:
			a += operand
		case 0x14, 0x1c:
			a -= operand
		case 0x24, 0x2c:
			a *= operand
		case 0x34, 0x3c:
			if operand == 0 {
				return 0
			}
			a /= operand
		case 0x44, 0x4c:
			a |= operand
		case 0x54, 0x5c:
			a &= operand
		case 0x64, 0x6c:
			a <<= operand
		case 0x74, 0x7c:
			a >>= operand
		case 0x84:
			a = -a
		case 0xa4, 0xac:
			a ^= operand
		case 0x05:
			pc += int(i.K)
		case 0x15, 0x1d:
			taken = a == operand
		case 0x25, 0x2d:
			taken = a > operand
		case 0x35, 0x3d:
			taken = a >= operand
		case 0x45, 0x4d:
			taken = a&operand != 0
		case 0x06:
			return i.K
		case 0x16:
			return a
		}
		if i.Op&7 == 5 && i.Op != 0x05 {
			if taken {
				pc += int(i.Jt)
			} else {
				pc += int(i.Jf)
			}
		}
	}
}

// smallOpcodes are all but loads of words and returns.
var smallOpcodes = []uint16{
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x07, 0x0c, 0x14, 0x15, 0x1c, 0x1d, 0x24, 0x25, 0x2c, 0x2d, 0x34, 0x35, 0x3c, 0x3d,
	0x44, 0x45, 0x4c, 0x4d, 0x54, 0x5c, 0x60, 0x61, 0x64, 0x6c, 0x74, 0x7c, 0x80, 0x81, 0x84, 0x87, 0xa4, 0xac,
}

// smallProgram is a random program of the world that the kernel would accept. It
// writes the cells that it may read first, and masks what it shifts by.
func smallProgram(r *rand.Rand) []Instruction {
	code := []Instruction{{Op: 0x02}, {Op: 0x02, K: 1}, {Op: 0x02, K: 15}}
	for size := len(code) + 2 + r.IntN(16); len(code) < size; {
		if r.IntN(4) == 0 {
			w := worldWords[r.IntN(len(worldWords))]
			code = append(code, Instruction{Op: 0x20, K: 4 * uint32(w.word)}, Instruction{Op: 0x54, K: w.mask})
			continue
		}
		i := Instruction{Op: smallOpcodes[r.IntN(len(smallOpcodes))], K: []uint32{0, 1, 2, 3, 5, 0x41, 1 << 31, 1<<31 | 1, 1<<32 - 1}[r.IntN(9)]}
		switch r.IntN(4) {
		case 0:
			i.Op = []uint16{0x15, 0x25, 0x35, 0x45}[r.IntN(4)]
		case 1:
			if r.IntN(3) == 0 {
				i.Op = 0x06
			}
		}
		switch i.Op {
		case 0x02, 0x03, 0x60, 0x61:
			i.K %= 2
		case 0x64, 0x74:
			i.K %= 32
		case 0x34:
			i.K = max(i.K, 1)
		case 0x6c, 0x7c: // X is masked through A, which is kept in M[15]
			code = append(code, Instruction{Op: 0x02, K: 15}, Instruction{Op: 0x87}, Instruction{Op: 0x54, K: 31},
				Instruction{Op: 0x07}, Instruction{Op: 0x60, K: 15})
		}
		code = append(code, i)
	}
	for pc := range code { // jumps that stay inside, and mostly near
		rest := min(len(code)-pc, 1+r.IntN(6))
		switch i := &code[pc]; {
		case i.jumps():
			i.K = r.Uint32N(uint32(rest))
		case i.branch():
			i.Jt, i.Jf = uint8(r.IntN(rest)), uint8(r.IntN(rest))
		}
	}
	return append(code, Instruction{Op: []uint16{0x06, 0x16}[r.IntN(2)], K: r.Uint32N(3)})
}

// skipsMask says whether a jump leads between an instruction that prepares a shift
// and the shift: then the kernel may leave open what the program does.
func skipsMask(code []Instruction) bool {
	prepares := make([]bool, len(code))
	for pc, i := range code {
		if i.shifts() {
			for back := range 5 {
				prepares[pc-back] = true // but for the first of the five
			}
		}
	}
	for pc, i := range code {
		switch {
		case i.jumps():
			if prepares[pc+1+int(i.K)] {
				return true
			}
		case i.branch():
			if prepares[pc+1+int(i.Jt)] || prepares[pc+1+int(i.Jf)] {
				return true
			}
		}
	}
	return false
}

// decidable is a random program of which the kernel leaves nothing open.
func decidable(r *rand.Rand) []Instruction {
	for {
		if code := smallProgram(r); !skipsMask(code) {
			return code
		}
	}
}

// aFunction is a random function of the world, with the values 0 to 3.
func aFunction(g *Graph, r *rand.Rand) Node {
	n := g.Leaf(r.Uint32N(4))
	for range 1 + r.IntN(5) {
		n = g.Ite(aCondition(g, r), g.Leaf(r.Uint32N(4)), n)
	}
	return n
}

// aCondition is a random condition of the world.
func aCondition(g *Graph, r *rand.Rand) Node {
	w := worldWords[r.IntN(len(worldWords))]
	v, k := Input(w.word, w.mask), Constant(r.Uint32()&w.mask)
	return []func(v, w Value) Node{g.Equal, g.AtLeast, g.intersects}[r.IntN(3)](v, k)
}

// value is what a function is for an input of which nothing is open.
func value(t *testing.T, g *Graph, n Node, d *Data) uint32 {
	t.Helper()
	v, open := g.Evaluate(n, d)
	if open {
		t.Fatalf("%x: open", *d)
	}
	return v
}
