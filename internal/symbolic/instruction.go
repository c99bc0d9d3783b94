// SPDX-License-Identifier: Apache-2.0

package symbolic

import (
	"fmt"
	"slices"
)

// Instruction is one instruction of a program (struct sock_filter,
// include/uapi/linux/filter.h).
type Instruction struct {
	Op     uint16
	Jt, Jf uint8
	K      uint32
}

// Code copies a program from a type of the same shape.
func Code[I ~struct {
	Op     uint16
	Jt, Jf uint8
	K      uint32
}](program []I) []Instruction {
	code := make([]Instruction, len(program))
	for i, ins := range program {
		code[i] = Instruction(ins)
	}
	return code
}

// An opcode has its class in the lowest three bits and the rest above them
// (include/uapi/linux/bpf_common.h).
const (
	classMask = 0x07
	classLd   = 0x00 // A = ...
	classLdx  = 0x01 // X = ...
	classSt   = 0x02 // M[K] = A
	classStx  = 0x03 // M[K] = X
	classAlu  = 0x04
	classJmp  = 0x05
	classRet  = 0x06
	classMisc = 0x07

	modeMask = 0xe0 // of loads
	modeImm  = 0x00
	modeAbs  = 0x20
	modeMem  = 0x60
	modeLen  = 0x80

	opMask = 0xf0 // of operations
	aluAdd = 0x00
	aluSub = 0x10
	aluMul = 0x20
	aluDiv = 0x30
	aluOr  = 0x40
	aluAnd = 0x50
	aluLsh = 0x60
	aluRsh = 0x70
	aluNeg = 0x80
	aluXor = 0xa0

	jmpJa   = 0x00 // of jumps
	jmpJeq  = 0x10
	jmpJgt  = 0x20
	jmpJge  = 0x30
	jmpJset = 0x40

	sourceX = 0x08 // the operand is X, else K
	retA    = 0x10
	miscTxa = 0x80 // else TAX
)

func (i Instruction) class() uint16 { return i.Op & classMask }
func (i Instruction) usesX() bool   { return i.Op&sourceX != 0 }

func (i Instruction) jumps() bool  { return i.class() == classJmp && i.Op&opMask == jmpJa }
func (i Instruction) branch() bool { return i.class() == classJmp && i.Op&opMask != jmpJa }
func (i Instruction) divides() bool {
	return i.class() == classAlu && i.Op&opMask == aluDiv && i.usesX()
}

// shifts says whether the instruction shifts by a register, which the kernel
// leaves open for 32 and more.
func (i Instruction) shifts() bool {
	return i.class() == classAlu && i.usesX() && (i.Op&opMask == aluLsh || i.Op&opMask == aluRsh)
}

// hard says whether the instruction multiplies or divides, other than by a power
// of two: the diagrams of such functions are large.
func (i Instruction) hard() bool {
	op := i.Op & opMask
	return i.class() == classAlu && (op == aluMul || op == aluDiv) && (i.usesX() || i.K&(i.K-1) != 0)
}

// Hard says whether the code multiplies, divides, or shifts by a register.
func Hard(code []Instruction) bool {
	return slices.ContainsFunc(code, func(i Instruction) bool { return i.hard() || i.shifts() })
}

// String names the operation, for errors.
func (i Instruction) String() string {
	operand := "K"
	if i.usesX() {
		operand = "X"
	}
	switch i.class() {
	case classAlu:
		return map[uint16]string{aluAdd: "ADD", aluSub: "SUB", aluMul: "MUL", aluDiv: "DIV", aluOr: "OR", aluAnd: "AND",
			aluLsh: "LSH", aluRsh: "RSH", aluNeg: "NEG", aluXor: "XOR"}[i.Op&opMask] + " " + operand
	case classJmp:
		return map[uint16]string{jmpJa: "JA", jmpJeq: "JEQ", jmpJgt: "JGT", jmpJge: "JGE", jmpJset: "JSET"}[i.Op&opMask] + " " + operand
	case classRet:
		return "RET"
	}
	return fmt.Sprintf("opcode %#x", i.Op)
}
