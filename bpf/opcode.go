// SPDX-License-Identifier: Apache-2.0

package bpf

import xbpf "golang.org/x/net/bpf"

// The opcodes that seccomp takes (seccomp_check_filter, kernel/seccomp.c) with
// their numbers (include/uapi/linux/bpf_common.h). K is the constant of the
// instruction, A the accumulator, X the index register, M the scratch memory.
const (
	codeLdImm  = 0x00 // A = K
	codeLdxImm = 0x01 // X = K
	codeSt     = 0x02 // M[K] = A
	codeStx    = 0x03 // M[K] = X
	codeAddK   = 0x04
	codeJa     = 0x05
	codeRetK   = 0x06
	codeTax    = 0x07 // X = A
	codeAddX   = 0x0c
	codeSubK   = 0x14
	codeJeqK   = 0x15
	codeRetA   = 0x16
	codeSubX   = 0x1c
	codeJeqX   = 0x1d
	codeLdAbs  = 0x20 // A = the word at offset K of the data
	codeMulK   = 0x24
	codeJgtK   = 0x25
	codeMulX   = 0x2c
	codeJgtX   = 0x2d
	codeDivK   = 0x34
	codeJgeK   = 0x35
	codeDivX   = 0x3c
	codeJgeX   = 0x3d
	codeOrK    = 0x44
	codeJsetK  = 0x45
	codeOrX    = 0x4c
	codeJsetX  = 0x4d
	codeAndK   = 0x54
	codeAndX   = 0x5c
	codeLdMem  = 0x60 // A = M[K]
	codeLdxMem = 0x61 // X = M[K]
	codeLshK   = 0x64
	codeLshX   = 0x6c
	codeRshK   = 0x74
	codeRshX   = 0x7c
	codeLdLen  = 0x80 // A = 64
	codeLdxLen = 0x81 // X = 64
	codeNeg    = 0x84
	codeTxa    = 0x87 // A = X
	codeXorK   = 0xa4
	codeXorX   = 0xac
)

const (
	dataSize = 64 // sizeof(struct seccomp_data), bytes
	memWords = 16 // BPF_MEMWORDS, the cells of the scratch memory
)

// operand is what an instruction works with, apart from jump targets.
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
// targets follow.
type shape struct {
	name    string
	operand operand
	branch  bool
}

// shapes are all opcodes that seccomp takes; the names are those of the kernel's
// own assembler (Documentation/networking/filter.rst).
var shapes = [...]shape{
	codeLdImm:  {name: "ld", operand: constant},
	codeLdxImm: {name: "ldx", operand: constant},
	codeLdAbs:  {name: "ld", operand: word},
	codeLdMem:  {name: "ld", operand: cell},
	codeLdxMem: {name: "ldx", operand: cell},
	codeLdLen:  {name: "ld", operand: length},
	codeLdxLen: {name: "ldx", operand: length},
	codeSt:     {name: "st", operand: cell},
	codeStx:    {name: "stx", operand: cell},
	codeAddK:   {name: "add", operand: constant},
	codeAddX:   {name: "add", operand: indexReg},
	codeSubK:   {name: "sub", operand: constant},
	codeSubX:   {name: "sub", operand: indexReg},
	codeMulK:   {name: "mul", operand: constant},
	codeMulX:   {name: "mul", operand: indexReg},
	codeDivK:   {name: "div", operand: constant},
	codeDivX:   {name: "div", operand: indexReg},
	codeOrK:    {name: "or", operand: constant},
	codeOrX:    {name: "or", operand: indexReg},
	codeAndK:   {name: "and", operand: constant},
	codeAndX:   {name: "and", operand: indexReg},
	codeLshK:   {name: "lsh", operand: constant},
	codeLshX:   {name: "lsh", operand: indexReg},
	codeRshK:   {name: "rsh", operand: constant},
	codeRshX:   {name: "rsh", operand: indexReg},
	codeXorK:   {name: "xor", operand: constant},
	codeXorX:   {name: "xor", operand: indexReg},
	codeNeg:    {name: "neg"},
	codeTax:    {name: "tax"},
	codeTxa:    {name: "txa"},
	codeJa:     {name: "ja", operand: target},
	codeJeqK:   {name: "jeq", operand: constant, branch: true},
	codeJeqX:   {name: "jeq", operand: indexReg, branch: true},
	codeJgtK:   {name: "jgt", operand: constant, branch: true},
	codeJgtX:   {name: "jgt", operand: indexReg, branch: true},
	codeJgeK:   {name: "jge", operand: constant, branch: true},
	codeJgeX:   {name: "jge", operand: indexReg, branch: true},
	codeJsetK:  {name: "jset", operand: constant, branch: true},
	codeJsetX:  {name: "jset", operand: indexReg, branch: true},
	codeRetK:   {name: "ret", operand: constant},
	codeRetA:   {name: "ret", operand: accReg},
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
