// SPDX-License-Identifier: Apache-2.0

package symbolic

// What each opcode means, on values that are functions of the input. The kernel's
// meaning is that of ___bpf_prog_run after bpf_convert_filter (kernel/bpf/core.c,
// net/core/filter.c). How the program goes on from an instruction is in point.go and
// merge.go. The program was checked, so an opcode that is not here cannot come.

// operand is X or the instruction's constant.
func (e *explorer) operand(i Instruction, s state) Value {
	if i.usesX() {
		return s.x
	}
	return Constant(i.K)
}

// condition is where a branch is taken. All comparisons are unsigned. JSET is taken where the
// two values have a bit in common.
func (e *explorer) condition(i Instruction, s state) Node {
	b := e.operand(i, s)
	switch i.Op & opMask {
	case jmpJeq:
		return e.Equal(s.a, b)
	case jmpJgt:
		return e.greater(s.a, b)
	case jmpJge:
		return e.AtLeast(s.a, b)
	case jmpJset:
		return e.intersects(s.a, b)
	}
	panic(unknownOpcode(i))
}

// greater is where v > w, unsigned.
func (e *explorer) greater(v, w Value) Node {
	if w.kind != constant {
		return e.Not(e.AtLeast(w, v))
	}
	if w.k == ^uint32(0) {
		return False
	}
	return e.AtLeast(v, Constant(w.k+1))
}

// operate is the state after an instruction that neither jumps nor returns. What the kernel
// leaves alone stays as it is: an operation changes A or X or one cell.
func (e *explorer) operate(pc int, i Instruction, s state) state {
	switch i.class() {
	case classLd:
		s.a = e.load(i, s)
	case classLdx:
		s.x = e.load(i, s)
	case classSt:
		s.m = e.store(s, i.K, s.a)
	case classStx:
		s.m = e.store(s, i.K, s.x)
	case classAlu:
		if e.live[pc+1]&regA != 0 { // else the result is never looked at
			s.a = e.alu(pc, i, s)
		}
	case classMisc:
		switch i.Op & miscMask {
		case miscTax:
			s.x = s.a
		case miscTxa:
			s.a = s.x
		default:
			panic(unknownOpcode(i))
		}
	default:
		panic(unknownOpcode(i))
	}
	return s
}

// load is the value that an instruction loads: a constant, a word of the input, or a cell. A
// cell that nothing has written is 0, but the check refuses programs that load one.
func (e *explorer) load(i Instruction, s state) Value {
	switch i.Op & modeMask {
	case modeImm:
		return Constant(i.K)
	case modeAbs:
		if e.at != nil {
			return Constant(e.at[i.K/4])
		}
		return Input(uint8(i.K/4), ^uint32(0))
	case modeMem:
		if s.m == nil {
			return Constant(0)
		}
		return s.m[i.K]
	case modeLen:
		return Constant(4 * Words)
	}
	panic(unknownOpcode(i))
}

// store is the scratch memory after a value was written to a cell. States share memory, so a
// new one is made and the old one is left as it is.
func (e *explorer) store(s state, cell uint32, v Value) *[16]Value {
	var m [16]Value
	if s.m != nil {
		m = *s.m
	}
	m[cell] = v
	return e.cells(m)
}

// alu is the value of A after an operation, modulo 2^32. Multiplication, division and shifts
// by values that are not constant make large diagrams. In a sketch (open) such a result is not
// worked out: it is an unknown function of the two operands, see unspecified.go.
func (e *explorer) alu(pc int, i Instruction, s state) Value {
	a, b := s.a, e.operand(i, s)
	if e.open && i.hard() && (a.kind != constant || b.kind != constant) {
		return e.result(i.Op&opMask, a, b)
	}
	switch i.Op & opMask {
	case aluAdd:
		return e.add(a, b)
	case aluSub:
		return e.sub(a, b)
	case aluMul:
		return e.mul(a, b)
	case aluDiv:
		return e.div(a, b)
	case aluOr:
		return e.or(a, b)
	case aluAnd:
		return e.Mask(a, b)
	case aluXor:
		return e.Flip(a, b)
	case aluNeg:
		return e.neg(a)
	case aluLsh, aluRsh:
		return e.shifted(pc, i, a, b)
	}
	panic(unknownOpcode(i))
}

// shifted is A after LSH or RSH. The kernel refuses a constant of 32 or more, and says
// nothing of a register that holds as much: its interpreter and its compilers differ. There the
// result is open, so that an answer that rests on it is undecided and never wrong.
func (e *explorer) shifted(pc int, i Instruction, a, b Value) Value {
	beyond, left := Constant(0), i.Op&opMask == aluLsh
	if i.shifts() {
		beyond = e.openAt(e.levels[pc])
	}
	if e.open && b.kind != constant {
		return e.Choose(e.AtLeast(b, Constant(32)), beyond, e.result(i.Op&opMask, a, b))
	}
	return e.shift(a, b, left, beyond)
}

// unknownOpcode is what the explorer panics with.
func unknownOpcode(i Instruction) string {
	return "symbolic: the program was not checked: " + i.String()
}
