// SPDX-License-Identifier: Apache-2.0

package symbolic

// A register matters at an instruction if some path from there reads it before it is
// written. Registers that do not matter are cleared (settle), so paths that differ only in
// them meet in one state. Most filters keep a word in A and test it; at the next load
// nothing of the past matters, and the instruction has one state however it was reached.

// registers is a set: A, X, and the scratch cells.
//
// Bit 0 is A, bit 1 is X and bits 2 to 17 are the 16 cells (BPF_MEMWORDS).
type registers uint32

const (
	regA  registers = 1
	regX  registers = 2
	cell0 registers = 4
	cells           = cell0 * 0xffff
)

// effect is what an instruction reads and what it writes. JA and RET K read nothing.
func (i Instruction) effect() (reads, writes registers) {
	cell := cell0 << (i.K & 15)
	operand := registers(0)
	if i.usesX() {
		operand = regX
	}
	switch i.class() {
	case classLd, classLdx:
		writes = regA
		if i.class() == classLdx {
			writes = regX
		}
		if i.Op&modeMask == modeMem {
			reads = cell
		}
	case classSt:
		return regA, cell
	case classStx:
		return regX, cell
	case classAlu:
		return regA | operand, regA
	case classJmp:
		if !i.jumps() {
			reads = regA | operand
		}
	case classRet:
		if i.returnsA() {
			reads = regA
		}
	case classMisc:
		if i.Op&miscMask == miscTxa {
			return regX, regA
		}
		return regA, regX // TAX
	}
	return reads, writes
}

// liveness finds for each instruction the registers whose values still matter.
// Jumps go forward only, so one pass backward is enough.
//
// The accepted program guarantees that every target is inside of code. Without that the
// index would be out of range, and the caller must have checked it.
func liveness(code []Instruction) []registers {
	live := make([]registers, len(code))
	for pc := len(code) - 1; pc >= 0; pc-- {
		i, after := code[pc], registers(0)
		switch {
		case i.jumps():
			after = live[pc+1+int(i.K)]
		case i.branch():
			after = live[pc+1+int(i.Jt)] | live[pc+1+int(i.Jf)]
		case !i.returns():
			after = live[pc+1]
		}
		reads, writes := i.effect()
		live[pc] = after&^writes | reads
	}
	return live
}
