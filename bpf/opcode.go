// SPDX-License-Identifier: Apache-2.0

package bpf

import xbpf "golang.org/x/net/bpf"

// The opcodes that seccomp takes (seccomp_check_filter, kernel/seccomp.c), by the
// names of the kernel's assembler, with their numbers
// (include/uapi/linux/bpf_common.h). A trailing K or X says whether the second
// operand is the instruction's constant or the index register. A is the
// accumulator, M the scratch memory; arithmetic is modulo 2^32 and unsigned.
//
// All code of this module that reads or writes instructions has its opcodes from
// here, except the prover: what it holds programs to must not come from what made
// them (internal/symbolic).
const (
	OpLdImm  = 0x00 // A = K
	OpLdxImm = 0x01 // X = K
	OpSt     = 0x02 // M[K] = A
	OpStx    = 0x03 // M[K] = X
	OpAddK   = 0x04 // A += K
	OpJa     = 0x05 // skip K instructions
	OpRetK   = 0x06 // return K
	OpTax    = 0x07 // X = A
	OpAddX   = 0x0c // A += X
	OpSubK   = 0x14 // A -= K
	OpJeqK   = 0x15 // skip jt instructions if A == K, else jf
	OpRetA   = 0x16 // return A
	OpSubX   = 0x1c // A -= X
	OpJeqX   = 0x1d // A == X?
	OpLdAbs  = 0x20 // A = the word at offset K of the data, in bytes
	OpMulK   = 0x24 // A *= K
	OpJgtK   = 0x25 // A > K?
	OpMulX   = 0x2c // A *= X
	OpJgtX   = 0x2d // A > X?
	OpDivK   = 0x34 // A /= K
	OpJgeK   = 0x35 // A >= K?
	OpDivX   = 0x3c // A /= X; X == 0 ends the program with 0
	OpJgeX   = 0x3d // A >= X?
	OpOrK    = 0x44 // A |= K
	OpJsetK  = 0x45 // A & K != 0?
	OpOrX    = 0x4c // A |= X
	OpJsetX  = 0x4d // A & X != 0?
	OpAndK   = 0x54 // A &= K
	OpAndX   = 0x5c // A &= X
	OpLdMem  = 0x60 // A = M[K]
	OpLdxMem = 0x61 // X = M[K]
	OpLshK   = 0x64 // A <<= K
	OpLshX   = 0x6c // A <<= X; the kernel leaves open what 32 and more do
	OpRshK   = 0x74 // A >>= K
	OpRshX   = 0x7c // A >>= X; as OpLshX
	OpLdLen  = 0x80 // A = 64, sizeof(struct seccomp_data)
	OpLdxLen = 0x81 // X = 64
	OpNeg    = 0x84 // A = -A
	OpTxa    = 0x87 // A = X
	OpXorK   = 0xa4 // A ^= K
	OpXorX   = 0xac // A ^= X
)

const (
	dataSize = 64 // sizeof(struct seccomp_data), bytes
	memWords = 16 // BPF_MEMWORDS, the cells of the scratch memory
)

// One table says how each opcode is written. Text, the reader of text and the checks all go
// by it, so that what can be printed can be read back.

// operand is what an instruction works with, apart from the targets of a branch.
type operand uint8

const (
	nothing  operand = iota
	constant         // #0x2a, the number K
	word             // [42], the data at offset K
	cell             // M[2], the scratch cell K
	length           // #pktlen
	indexReg         // x
	accReg           // a
	target           // 42, the instruction that is K after the next
)

// shape is how an opcode is written: its name, its operand, and whether two
// targets follow. An opcode is the index of its shape; indices that seccomp does not take
// have no name.
type shape struct {
	name    string
	operand operand
	branch  bool
}

// shapes are all opcodes that seccomp takes; the names are those of the kernel's
// own assembler (Documentation/networking/filter.rst).
var shapes = [...]shape{
	OpLdImm:  {name: "ld", operand: constant},
	OpLdxImm: {name: "ldx", operand: constant},
	OpLdAbs:  {name: "ld", operand: word},
	OpLdMem:  {name: "ld", operand: cell},
	OpLdxMem: {name: "ldx", operand: cell},
	OpLdLen:  {name: "ld", operand: length},
	OpLdxLen: {name: "ldx", operand: length},
	OpSt:     {name: "st", operand: cell},
	OpStx:    {name: "stx", operand: cell},
	OpAddK:   {name: "add", operand: constant},
	OpAddX:   {name: "add", operand: indexReg},
	OpSubK:   {name: "sub", operand: constant},
	OpSubX:   {name: "sub", operand: indexReg},
	OpMulK:   {name: "mul", operand: constant},
	OpMulX:   {name: "mul", operand: indexReg},
	OpDivK:   {name: "div", operand: constant},
	OpDivX:   {name: "div", operand: indexReg},
	OpOrK:    {name: "or", operand: constant},
	OpOrX:    {name: "or", operand: indexReg},
	OpAndK:   {name: "and", operand: constant},
	OpAndX:   {name: "and", operand: indexReg},
	OpLshK:   {name: "lsh", operand: constant},
	OpLshX:   {name: "lsh", operand: indexReg},
	OpRshK:   {name: "rsh", operand: constant},
	OpRshX:   {name: "rsh", operand: indexReg},
	OpXorK:   {name: "xor", operand: constant},
	OpXorX:   {name: "xor", operand: indexReg},
	OpNeg:    {name: "neg"},
	OpTax:    {name: "tax"},
	OpTxa:    {name: "txa"},
	OpJa:     {name: "ja", operand: target},
	OpJeqK:   {name: "jeq", operand: constant, branch: true},
	OpJeqX:   {name: "jeq", operand: indexReg, branch: true},
	OpJgtK:   {name: "jgt", operand: constant, branch: true},
	OpJgtX:   {name: "jgt", operand: indexReg, branch: true},
	OpJgeK:   {name: "jge", operand: constant, branch: true},
	OpJgeX:   {name: "jge", operand: indexReg, branch: true},
	OpJsetK:  {name: "jset", operand: constant, branch: true},
	OpJsetX:  {name: "jset", operand: indexReg, branch: true},
	OpRetK:   {name: "ret", operand: constant},
	OpRetA:   {name: "ret", operand: accReg},
}

// shapeOf is the shape of an opcode, without a name if seccomp has none such.
func shapeOf(code uint16) shape {
	if int(code) < len(shapes) {
		return shapes[code]
	}
	return shape{}
}

// usesK says whether the instruction means something by K.
func (s shape) usesK() bool {
	switch s.operand {
	case constant, word, cell, target:
		return true
	}
	return false
}

// writes says whether text of this shape holds all of i: fields that the kernel
// ignores have no place in it.
func (s shape) writes(i xbpf.RawInstruction) bool {
	return s.name != "" && (s.branch || i.Jt|i.Jf == 0) && (s.usesK() || i.K == 0)
}
