// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInstructionString(t *testing.T) {
	for want, i := range map[string]Instruction{
		"MUL X": {Op: 0x2c}, "DIV K": {Op: 0x34, K: 3}, "LSH X": {Op: 0x6c}, "RSH K": {Op: 0x74}, "NEG K": {Op: 0x84},
		"ADD K": {Op: 0x04}, "SUB X": {Op: 0x1c}, "OR K": {Op: 0x44}, "AND X": {Op: 0x5c}, "XOR K": {Op: 0xa4},
		"JA K": {Op: 0x05}, "JEQ X": {Op: 0x1d}, "JGT K": {Op: 0x25}, "JGE K": {Op: 0x35}, "JSET X": {Op: 0x4d},
		"RET": {Op: 0x16}, "opcode 0x20": {Op: 0x20}, "opcode 0x94": {Op: 0x94}, "opcode 0xe5": {Op: 0xe5},
	} {
		assert.Equal(t, want, i.String())
	}
}

// TestInstructionKinds: each opcode of the kernel is of the kinds that the explorer
// tells apart.
func TestInstructionKinds(t *testing.T) {
	kinds := func(i Instruction) (list []string) {
		for _, k := range []struct {
			name string
			is   bool
		}{
			{"jumps", i.jumps()}, {"branch", i.branch()}, {"returns", i.returns()}, {"A", i.returnsA()}, {"word", i.loadsWord()},
			{"divides", i.divides()}, {"shifts", i.shifts()}, {"hard", i.hard()},
		} {
			if k.is {
				list = append(list, k.name)
			}
		}
		return list
	}
	want := map[uint16][]string{
		0x05: {"jumps"}, 0x06: {"returns"}, 0x16: {"returns", "A"}, 0x20: {"word"},
		0x24: {"hard"}, 0x2c: {"hard"}, 0x34: {"hard"}, 0x3c: {"divides", "hard"}, 0x6c: {"shifts"}, 0x7c: {"shifts"},
	}
	for _, op := range []uint16{0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d} {
		want[op] = []string{"branch"}
	}
	for _, op := range append([]uint16{0x06, 0x16, 0x20}, smallOpcodes...) {
		assert.Equal(t, want[op], kinds(Instruction{Op: op, K: 3}), "%#x", op)
	}
	for _, tt := range []struct {
		i              Instruction
		constant, ends bool
	}{{Instruction{Op: 0x06, K: 7}, true, true}, {Instruction{Op: 0x16, K: 7}, false, true}, {Instruction{Op: 0x15, K: 7}, false, false}} {
		value, constant, ends := tt.i.Returns()
		assert.Equal(t, []any{uint32(7), tt.constant, tt.ends}, []any{value, constant, ends}, "%v", tt.i)
	}
	assert.Empty(t, kinds(Instruction{Op: 0x24, K: 8}), "times a power of two is a shift")
	assert.False(t, Hard([]Instruction{{Op: 0x20}, {Op: 0x24, K: 4}, {Op: 0x64, K: 3}, {Op: 0x16}}))
	assert.True(t, Hard([]Instruction{{Op: 0x20}, {Op: 0x6c}, {Op: 0x16}}))
}

// TestCode copies from any type of the shape.
func TestCode(t *testing.T) {
	type other struct {
		Op     uint16
		Jt, Jf uint8
		K      uint32
	}
	assert.Equal(t, []Instruction{{0x15, 1, 2, 3}, {Op: 6}}, Code([]other{{0x15, 1, 2, 3}, {Op: 6}}))
}

// TestInstructionConstants: what is asked of an instruction by those who do not explore it.
func TestInstructionConstants(t *testing.T) {
	k, constant, ok := Instruction{Op: 0x06, K: 7}.Returns()
	assert.Equal(t, []any{uint32(7), true, true}, []any{k, constant, ok}, "RET K")
	_, constant, ok = Instruction{Op: 0x16, K: 7}.Returns()
	assert.Equal(t, []any{false, true}, []any{constant, ok}, "RET A")
	_, _, ok = Instruction{Op: 0x20, K: 7}.Returns()
	assert.False(t, ok, "LD")
	k, ok = Instruction{Op: 0x15, K: 9}.EqualsConstant()
	assert.Equal(t, []any{uint32(9), true}, []any{k, ok}, "JEQ K")
	for _, op := range []uint16{0x1d, 0x25, 0x35, 0x45, 0x05, 0x06, 0x20} {
		_, ok = Instruction{Op: op, K: 9}.EqualsConstant()
		assert.False(t, ok, "opcode %#x", op)
	}
}
