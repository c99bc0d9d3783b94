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

// An opcode is a sum: the class in the lowest three bits, and above them what the
// class needs (include/uapi/linux/bpf_common.h, include/uapi/linux/filter.h). Every
// part has its name here, and semantics.go says what each one does. This is the
// prover's own copy on purpose: package bpf, whose programs are proved, has another
// one, and a mistake in one of the two shows as a difference.
const (
	classMask = 0x07
	classLd   = 0x00 // A = a constant, a word of the input, a cell, or the length
	classLdx  = 0x01 // X = the same
	classSt   = 0x02 // M[K] = A
	classStx  = 0x03 // M[K] = X
	classAlu  = 0x04 // A = A op operand
	classJmp  = 0x05 // go on elsewhere
	classRet  = 0x06 // end
	classMisc = 0x07 // TAX, TXA

	modeMask = 0xf8 // of loads: what is loaded, always a word of 32 bits
	modeImm  = 0x00 // K
	modeAbs  = 0x20 // the word at offset K of the input
	modeMem  = 0x60 // M[K]
	modeLen  = 0x80 // the length of the input

	opMask = 0xf0 // of arithmetic and of jumps: the operation
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

	jmpJa   = 0x00 // always
	jmpJeq  = 0x10 // A == operand
	jmpJgt  = 0x20 // A > operand
	jmpJge  = 0x30 // A >= operand
	jmpJset = 0x40 // A and operand have a bit in common

	sourceX = 0x08 // of arithmetic and of jumps: the operand is X, and K without it

	retMask = 0x18 // of returns: what is returned
	retK    = 0x00
	retA    = 0x10

	miscMask = 0xf8
	miscTax  = 0x00 // X = A
	miscTxa  = 0x80 // A = X
)

func (i Instruction) class() uint16 { return i.Op & classMask }

// usesX says whether X is the operand of an operation or a jump.
func (i Instruction) usesX() bool { return i.Op&sourceX != 0 }

// jumps says whether the instruction is JA.
func (i Instruction) jumps() bool { return i.class() == classJmp && i.Op&opMask == jmpJa }

// branch says whether the instruction goes on at one of two places.
func (i Instruction) branch() bool { return i.class() == classJmp && i.Op&opMask != jmpJa }

// returns says whether the program ends with the instruction.
func (i Instruction) returns() bool { return i.class() == classRet }

// returnsA says whether the program ends with what A holds; other returns give K.
func (i Instruction) returnsA() bool { return i.returns() && i.Op&retMask == retA }

// Returns says whether the program ends with the instruction, and which value it returns if
// that is a constant.
func (i Instruction) Returns() (value uint32, constant, ends bool) {
	return i.K, i.returns() && i.Op&retMask == retK, i.returns()
}

// loadsWord says whether the instruction reads a word of the input.
func (i Instruction) loadsWord() bool {
	return (i.class() == classLd || i.class() == classLdx) && i.Op&modeMask == modeAbs
}

// divides says whether the instruction divides by X, which ends the program with 0
// where X is 0. The kernel refuses a division by the constant 0.
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

// Hard says whether the code multiplies, divides, or shifts by a register. A question
// about such code is first asked with those results left open (Question.Hard).
func Hard(code []Instruction) bool {
	return slices.ContainsFunc(code, func(i Instruction) bool { return i.hard() || i.shifts() })
}

// String names the operation, for errors: "MUL X".
func (i Instruction) String() string {
	name := ""
	switch i.class() {
	case classAlu:
		name = aluName(i.Op & opMask)
	case classJmp:
		name = jmpName(i.Op & opMask)
	case classRet:
		return "RET"
	}
	switch {
	case name == "":
		return fmt.Sprintf("opcode %#x", i.Op)
	case i.usesX():
		return name + " X"
	}
	return name + " K"
}

func aluName(op uint16) string {
	switch op {
	case aluAdd:
		return "ADD"
	case aluSub:
		return "SUB"
	case aluMul:
		return "MUL"
	case aluDiv:
		return "DIV"
	case aluOr:
		return "OR"
	case aluAnd:
		return "AND"
	case aluLsh:
		return "LSH"
	case aluRsh:
		return "RSH"
	case aluNeg:
		return "NEG"
	case aluXor:
		return "XOR"
	}
	return ""
}

func jmpName(op uint16) string {
	switch op {
	case jmpJa:
		return "JA"
	case jmpJeq:
		return "JEQ"
	case jmpJgt:
		return "JGT"
	case jmpJge:
		return "JGE"
	case jmpJset:
		return "JSET"
	}
	return ""
}

// EqualsConstant is the constant that the instruction compares A with for equality; ok is
// false if it does something else.
func (i Instruction) EqualsConstant() (k uint32, ok bool) {
	return i.K, i.Op == classJmp|jmpJeq
}
