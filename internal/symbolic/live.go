// SPDX-License-Identifier: Apache-2.0

package symbolic

// registers is a set: A, X, and the scratch cells.
type registers uint32

const (
	regA  registers = 1
	regX  registers = 2
	cell0 registers = 4
	cells           = cell0 * 0xffff
)

// reads and writes are the registers that an instruction does.
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
		if i.Op&retA != 0 {
			reads = regA
		}
	case classMisc:
		if i.Op&miscTxa != 0 {
			return regX, regA
		}
		return regA, regX
	}
	return reads, writes
}

// liveness finds for each instruction the registers whose values still matter.
// Jumps go forward only, so one pass backward is enough.
func liveness(code []Instruction) []registers {
	live := make([]registers, len(code))
	for pc := len(code) - 1; pc >= 0; pc-- {
		i, after := code[pc], registers(0)
		switch {
		case i.jumps():
			after = live[pc+1+int(i.K)]
		case i.branch():
			after = live[pc+1+int(i.Jt)] | live[pc+1+int(i.Jf)]
		case i.class() != classRet:
			after = live[pc+1]
		}
		reads, writes := i.effect()
		live[pc] = after&^writes | reads
	}
	return live
}

// Meetings are the sets of words that operations bring together: their bits
// should alternate (Order.Together).
func Meetings(code []Instruction) []uint16 {
	any := false
	for _, i := range code {
		any = any || i.usesX() && (i.class() == classAlu || i.class() == classJmp)
	}
	if !any {
		return nil
	}
	type words struct {
		a, x uint16
		m    [16]uint16
	}
	at := make([]words, len(code)+1)
	pass := func(pc int, w *words) {
		at[pc].a |= w.a
		at[pc].x |= w.x
		for i := range w.m {
			at[pc].m[i] |= w.m[i]
		}
	}
	seen := map[uint16]bool{}
	var sets []uint16
	for pc, i := range code {
		w := at[pc]
		if class := i.class(); i.usesX() && (class == classAlu || class == classJmp) {
			set := w.a | w.x
			if w.a != 0 && w.x != 0 && !i.shifts() && set&(set-1) != 0 && !seen[set] {
				seen[set] = true
				sets = append(sets, set)
			}
			if class == classAlu {
				w.a = set
			}
		}
		switch i.class() {
		case classLd, classLdx:
			loaded := uint16(0)
			switch i.Op & modeMask {
			case modeAbs:
				loaded = 1 << (i.K / 4)
			case modeMem:
				loaded = w.m[i.K]
			}
			if i.class() == classLd {
				w.a = loaded
			} else {
				w.x = loaded
			}
		case classSt:
			w.m[i.K] = w.a
		case classStx:
			w.m[i.K] = w.x
		case classMisc:
			if i.Op&miscTxa != 0 {
				w.a = w.x
			} else {
				w.x = w.a
			}
		}
		switch {
		case i.jumps():
			pass(pc+1+int(i.K), &w)
		case i.branch():
			pass(pc+1+int(i.Jt), &w)
			pass(pc+1+int(i.Jf), &w)
		case i.class() != classRet:
			pass(pc+1, &w)
		}
	}
	return sets
}
