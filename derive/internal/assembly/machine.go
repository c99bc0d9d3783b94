// SPDX-License-Identifier: Apache-2.0

package assembly

import "strings"

// machine is what differs among Go's assemblers.
type machine struct {
	goarch   string
	traps    []string // instructions that call the kernel
	number   string   // the register of the number
	args     []string // the registers of the arguments
	registry []string // the registers of Go's own arguments (ABIInternal)
	link     int64    // bytes between the stack pointer and a callee's arguments
	word     int64
	zero     string // a register that is always 0
	defines  []string
	changed  map[int64]bool // arguments that the function at hand changes
}

// Known says whether Go builds Linux programs for a GOARCH, and its assembler is understood.
func Known(goarch string) bool { return machineOf(goarch) != nil }

// machineOf returns the machine of a GOARCH, nil for one that is unknown.
func machineOf(goarch string) *machine {
	m := &machine{goarch: goarch, word: 8, link: 8}
	switch goarch {
	case "amd64":
		m.traps, m.number, m.args = []string{"SYSCALL", "SYSENTER"}, "AX", []string{"DI", "SI", "DX", "R10", "R8", "R9"}
		m.registry, m.link = []string{"AX", "BX", "CX", "DI", "SI", "R8", "R9", "R10", "R11"}, 0
		m.defines = []string{"GOAMD64_v1"}
	case "386":
		m.traps, m.number, m.args = []string{"SYSENTER", "SYSCALL"}, "AX", []string{"BX", "CX", "DX", "SI", "DI", "BP"}
		m.word, m.link = 4, 0
	case "arm64":
		m.traps, m.number, m.args = []string{"SVC"}, "R8", numbered("R", 0, 6)
		m.registry, m.zero = numbered("R", 0, 16), "ZR"
	case "arm":
		m.traps, m.number, m.args, m.word, m.link = []string{"SWI"}, "R7", numbered("R", 0, 6), 4, 4
	case "riscv64":
		m.traps, m.number, m.args = []string{"ECALL"}, "A7", numbered("A", 0, 6)
		m.registry = append(numbered("X", 10, 8), "X8", "X9", "X18", "X19", "X20", "X21", "X22", "X23")
		m.zero = "ZERO"
	case "loong64":
		m.traps, m.number, m.args = []string{"SYSCALL"}, "R11", numbered("R", 4, 6)
		m.registry, m.zero = numbered("R", 4, 16), "R0"
	case "ppc64", "ppc64le":
		m.traps, m.number, m.args = []string{"SYSCALL"}, "R9", numbered("R", 3, 6)
		m.registry, m.link = append(numbered("R", 3, 8), "R14", "R15", "R16", "R17"), 32
		m.defines = []string{"GOPPC64_power8"}
	case "s390x":
		m.traps, m.number, m.args, m.registry = []string{"SYSCALL"}, "R1", numbered("R", 2, 6), numbered("R", 2, 8)
	case "mips", "mipsle":
		m.traps, m.number, m.args, m.word, m.link, m.zero = []string{"SYSCALL"}, "R2", numbered("R", 4, 6), 4, 4, "R0"
	case "mips64", "mips64le":
		m.traps, m.number, m.args, m.zero = []string{"SYSCALL"}, "R2", numbered("R", 4, 6), "R0"
	default:
		return nil
	}
	return m
}

func numbered(prefix string, from, count int) (list []string) {
	for i := from; i < from+count; i++ {
		list = append(list, prefix+decimal(i))
	}
	return list
}

func decimal(i int) string {
	if i >= 10 {
		return decimal(i/10) + string(rune('0'+i%10))
	}
	return string(rune('0' + i))
}

// canonical is the one name of a register.
func (m *machine) canonical(r string) string {
	if m.goarch == "amd64" || m.goarch == "386" {
		switch r {
		case "AL", "AH":
			return "AX"
		case "BL", "BH":
			return "BX"
		case "CL", "CH":
			return "CX"
		case "DL", "DH":
			return "DX"
		case "SIB":
			return "SI"
		case "DIB":
			return "DI"
		}
		return strings.TrimSuffix(r, "B")
	}
	if m.goarch == "riscv64" && strings.HasPrefix(r, "X") {
		switch r {
		case "X0":
			return "ZERO"
		case "X10", "X11", "X12", "X13", "X14", "X15", "X16", "X17":
			return "A" + decimal(int(r[2]-'0'))
		}
	}
	return r
}

// traps says whether an instruction calls the kernel, and whether its number stands in
// it.
func (m *machine) trap(in *instruction) bool {
	for _, t := range m.traps {
		if in.op == t {
			return true
		}
	}
	switch m.goarch {
	case "386":
		// The vDSO's entry, and its address in the thread's header.
		return in.op == "INT" && len(in.operands) == 1 && in.operands[0] == "$0x80" ||
			in.op == "CALL" && len(in.operands) == 1 && strings.HasSuffix(in.operands[0], "(GS)")
	case "amd64":
		return in.op == "INT" && len(in.operands) == 1 && in.operands[0] == "$0x80"
	}
	return false
}

// jumps says whether an instruction leaves the function for good.
func jumps(op string) bool {
	switch op {
	case "JMP", "B", "BR", "JR":
		return true
	}
	return false
}

// ends says whether what follows an instruction is reached by labels alone.
func ends(op string) bool { return jumps(op) || op == "RET" || op == "UNDEF" || op == "ERET" }

// moves says whether an instruction copies its first operand to its last, and nothing
// else.
func (m *machine) moves(op string) bool {
	switch op {
	case "MOVL", "MOVQ", "MOVD", "MOVV", "MOVW", "MOV", "MOVWU", "MOVWZ", "MOVDU":
		return true
	}
	return false
}

// implicit are the registers that an instruction may write without naming them.
func (m *machine) implicit(op string) []string {
	if m.goarch != "amd64" && m.goarch != "386" || strings.HasPrefix(op, "MOVSD") || strings.HasPrefix(op, "MOVSS") || strings.HasPrefix(op, "INC") {
		return nil
	}
	for _, prefix := range []string{"MUL", "DIV", "IDIV", "IMUL", "CPUID", "RDTSC", "XGETBV", "CMPXCHG", "CDQ", "CQO", "CWD", "CLTD", "CBW", "CWDE",
		"LODS", "STOS", "MOVS", "SCAS", "REP", "XLAT", "IN", "LAHF", "RDMSR", "RDPMC", "POPAL", "POPFL"} {
		if strings.HasPrefix(op, prefix) {
			return []string{"AX", "DX", "CX", "DI", "SI", "BX"}
		}
	}
	return nil
}
