// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	constants "go/constant"
	"go/token"
	"go/types"
	"maps"
	"strconv"
	"strings"
)

// state is what is known before an instruction, of registers and of words at the stack
// pointer. What is not in it is unknown.
type state map[string]Value

// flow follows registers through a function and notes what they hold at system calls and
// at calls of other functions.
func (m *machine) flow(f *Function) {
	m.written(f)
	before := make([]state, len(f.body)+1)
	labels := map[string]int{}
	for i := range f.body {
		if f.body[i].op == ":" {
			labels[f.body[i].operands[0]] = i
		}
	}
	before[0] = m.entry(f)
	work := []int{0}
	for len(work) > 0 {
		i := work[len(work)-1]
		work = work[:len(work)-1]
		if i >= len(f.body) {
			continue
		}
		after := m.step(&f.body[i], before[i])
		for _, next := range m.next(f, i, labels) {
			if next <= len(f.body) && merge(before, next, after) {
				work = append(work, next)
			}
		}
	}
	m.collect(f, before)
}

// written finds the arguments that the function changes, or whose address it takes: what it
// then loads need not be what its caller has passed.
func (m *machine) written(f *Function) {
	f.Written = map[int64]bool{}
	for i := range f.body {
		in := &f.body[i]
		for k, o := range in.operands {
			address := strings.HasPrefix(o, "$") || strings.HasPrefix(in.op, "LEA")
			offset, ok := parameter(strings.TrimPrefix(o, "$"))
			if ok && (address || k == len(in.operands)-1 && k > 0 && !compares(in.op) || len(in.operands) == 1) {
				f.Written[offset&^(m.word-1)] = true
			}
		}
	}
	if len(f.Written) > 0 {
		m.changed = f.Written
		return
	}
	m.changed = nil
}

// entry is what is known at the start of a function.
func (m *machine) entry(f *Function) state {
	s := state{}
	if f.Internal {
		for i, r := range m.registry {
			s[m.canonical(r)] = Value{Kind: Register, N: int64(i)}
		}
	}
	return s
}

// merge adds what is known on one more way to an instruction, and says whether that
// changes anything.
func merge(before []state, at int, s state) bool {
	old := before[at]
	if old == nil {
		before[at] = maps.Clone(s)
		return true
	}
	changed := false
	for r, v := range old {
		w := s[r]
		if w == v {
			continue
		}
		both := Value{Kind: v.Kind, N: v.N, Or: v.Or & w.Or, May: v.Or ^ w.Or | v.May | w.May}
		switch {
		case v.Kind != w.Kind || v.N != w.N:
			delete(old, r)
			changed = true
		case both != v:
			old[r] = both
			changed = true
		}
	}
	return changed
}

// next are the instructions that may come after one.
func (m *machine) next(f *Function, i int, labels map[string]int) (list []int) {
	in := &f.body[i]
	if !ends(in.op) {
		list = append(list, i+1)
	}
	for _, o := range in.operands {
		if in.op == ":" {
			break
		}
		if at, ok := labels[o]; ok {
			list = append(list, at)
		}
		if text, ok := strings.CutSuffix(o, "(PC)"); ok {
			if n, err := strconv.Atoi(text); err == nil {
				list = append(list, relative(f, i, n))
			}
		}
	}
	return list
}

// relative is the instruction n after i, labels not counted.
func relative(f *Function, i, n int) int {
	for n != 0 {
		switch {
		case n > 0:
			i++
		default:
			i--
		}
		if i < 0 || i >= len(f.body) {
			return max(i, 0)
		}
		if f.body[i].op == ":" {
			continue
		}
		if n > 0 {
			n--
		} else {
			n++
		}
	}
	return i
}

// step is what is known after an instruction.
func (m *machine) step(in *instruction, s state) state {
	if in.op == ":" {
		return s
	}
	if m.trap(in) || calls(in.op) || m.width(in.op) > 0 {
		return state{} // the kernel, a callee and machine code may write every register
	}
	s = maps.Clone(s)
	if len(in.operands) == 0 {
		m.forget(in, s)
		return s
	}
	to := m.canonical(in.operands[len(in.operands)-1])
	value := Value{}
	if len(in.operands) == 2 && m.moves(in.op) {
		value = m.value(in.operands[0], s)
	} else if zeroes(in) {
		value = Value{Kind: Const}
	} else if len(in.operands) == 2 && (in.op == "ORQ" || in.op == "ORL" || in.op == "ORR" || in.op == "OR") {
		value = m.or(in.operands[0], s[to])
	}
	// An instruction may write any register that it names, as XCHG and LDP do.
	if !m.moves(in.op) && !compares(in.op) {
		for _, o := range in.operands {
			for _, r := range strings.FieldsFunc(o, func(r rune) bool { return strings.ContainsRune("(), []$*+-", r) }) {
				delete(s, m.canonical(r))
			}
		}
	}
	m.forget(in, s)
	delete(s, to)
	if moved(in.op, to) {
		unstack(s)
	}
	if stack, ok := m.slot(to); ok {
		to = stack
	}
	if value.Kind == Unknown {
		delete(s, to)
	} else {
		s[to] = value
	}
	return s
}

// or is a value with constant bits set in it.
func (m *machine) or(operand string, v Value) Value {
	text, ok := strings.CutPrefix(operand, "$")
	n, number := constant(text)
	if !ok || !number || v.Kind == Unknown {
		return Value{}
	}
	v.Or |= n
	return v
}

// moved says whether an instruction moves the stack pointer, or writes to the stack by a
// name: words at the stack pointer are then unknown.
func moved(op, to string) bool {
	return strings.HasPrefix(op, "PUSH") || strings.HasPrefix(op, "POP") || op == "ADJSP" || to == "SP" || to == "RSP" ||
		strings.HasSuffix(to, "(SP)") && strings.ContainsFunc(to[:len(to)-4], func(r rune) bool { return r == '_' || r >= 'a' && r != 'x' })
}

// unstack forgets the words at the stack pointer.
func unstack(s state) {
	for r := range s {
		if strings.HasPrefix(r, "stack ") {
			delete(s, r)
		}
	}
}

// forget removes what an instruction writes without naming it.
func (m *machine) forget(in *instruction, s state) {
	for _, r := range m.implicit(in.op) {
		delete(s, r)
	}
}

// compares says whether an instruction writes flags alone.
func compares(op string) bool {
	return strings.HasPrefix(op, "CMP") && !strings.HasPrefix(op, "CMPXCHG") || strings.HasPrefix(op, "TEST") || strings.HasPrefix(op, "CMN") || op == "TST"
}

// calls says whether an instruction calls a function.
func calls(op string) bool {
	switch op {
	case "CALL", "BL", "BLR", "JAL", "JALR":
		return true
	}
	return false
}

// zeroes says whether an instruction makes a register 0, as XORL AX, AX does.
func zeroes(in *instruction) bool {
	return (strings.HasPrefix(in.op, "XOR") || strings.HasPrefix(in.op, "SUB")) && len(in.operands) == 2 && in.operands[0] == in.operands[1]
}

// value is what an operand holds.
func (m *machine) value(operand string, s state) Value {
	if text, ok := strings.CutPrefix(operand, "$"); ok {
		if n, ok := constant(text); ok {
			return Value{Kind: Const, N: n}
		}
		return Value{}
	}
	if operand == m.zero && m.zero != "" {
		return Value{Kind: Const}
	}
	if offset, ok := parameter(operand); ok {
		if m.changed[offset&^(m.word-1)] {
			return Value{}
		}
		return Value{Kind: Param, N: offset}
	}
	if stack, ok := m.slot(operand); ok {
		return s[stack]
	}
	return s[m.canonical(operand)]
}

// slot is the name of a word at the stack pointer.
func (m *machine) slot(operand string) (string, bool) {
	for _, sp := range []string{"(SP)", "(RSP)", "(R1)", "(R15)", "(R13)", "(R29)", "(X2)", "(R3)"} {
		if text, ok := strings.CutSuffix(operand, sp); ok && (sp == "(SP)" || sp == "(RSP)" || m.stackRegister() == sp) {
			if text == "" {
				text = "0"
			}
			if n, err := strconv.ParseInt(text, 0, 64); err == nil {
				return "stack " + strconv.FormatInt(n, 10), true
			}
		}
	}
	return "", false
}

// stackRegister is the stack pointer by its register's name, where programs write it so.
func (m *machine) stackRegister() string {
	switch m.goarch {
	case "ppc64", "ppc64le":
		return "(R1)"
	case "s390x":
		return "(R15)"
	case "arm":
		return "(R13)"
	case "mips", "mipsle", "mips64", "mips64le":
		return "(R29)"
	case "riscv64":
		return "(X2)"
	case "loong64":
		return "(R3)"
	}
	return "(SP)"
}

// constant reads a number, or an expression of numbers. The assembler's operators are Go's, and so
// is their precedence.
func constant(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return n, true
	}
	if n, err := strconv.ParseUint(text, 0, 64); err == nil {
		return int64(n), true
	}
	if text == "" || strings.Trim(text, "0123456789abcdefABCDEFxXoO_+-*/%&|^<>() ") != "" {
		return 0, false
	}
	v, err := types.Eval(token.NewFileSet(), nil, token.NoPos, text)
	if err != nil || v.Value == nil || v.Value.Kind() != constants.Int {
		return 0, false
	}
	if n, ok := constants.Int64Val(v.Value); ok {
		return n, true
	}
	n, ok := constants.Uint64Val(v.Value)
	return int64(n), ok
}

// parameter is the offset of name+8(FP).
func parameter(operand string) (int64, bool) {
	text, ok := strings.CutSuffix(operand, "(FP)")
	if !ok {
		return 0, false
	}
	_, offset, ok := strings.Cut(text, "+")
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(offset, 0, 64)
	return n, err == nil
}

// collect notes what is known at system calls and calls.
func (m *machine) collect(f *Function, before []state) {
	at := map[Place]int{}
	for i := range f.body {
		in := &f.body[i]
		if m.trap(in) {
			f.Calls = append(f.Calls, m.call(in, before[i]))
		}
		if m.encoded(f, i) {
			f.Raw = append(f.Raw, in.place)
		}
		if calls(in.op) {
			at[in.place] = i
		}
	}
	for i := range f.Refs {
		if j, ok := at[f.Refs[i].Place]; ok && !f.Refs[i].Jump {
			f.Refs[i].Args = m.stack(before[j])
		}
	}
}

// call is a system call with what its registers hold. A state that no way leads to says
// nothing.
func (m *machine) call(in *instruction, s state) Call {
	c := Call{Place: in.place, Number: s[m.number]}
	if m.goarch == "amd64" && in.op == "INT" {
		c.Number = Value{} // a number of i386
	}
	if len(in.operands) == 1 && in.op == "SYSCALL" { // ppc64 and s390x: SYSCALL $SYS_exit, SYSCALL R9
		c.Number = m.value(in.operands[0], s)
	}
	for i, r := range m.args {
		c.Args[i] = s[m.canonical(r)]
	}
	return c
}

// stack is what a callee finds on the stack, by the offset of its arguments.
func (m *machine) stack(s state) map[int]Value {
	args := map[int]Value{}
	for r, v := range s {
		if text, ok := strings.CutPrefix(r, "stack "); ok {
			n, _ := strconv.Atoi(text)
			args[n-int(m.link)] = v
		}
	}
	return args
}
