// SPDX-License-Identifier: Apache-2.0

package assembler

import (
	"fmt"
	"strings"

	xbpf "golang.org/x/net/bpf"

	"github.com/gosieve/sieve/bpf"
)

// Kernel is a program in bpf_asm's form, an instruction a line. A label is L and the index of
// the instruction. What comment returns stands at the end of the line; it may be nil.
//
//	     ld   [4]                         ; arch
//	     jeq  #0xc000003e, L4, L2         ; x86_64, x32
//	L2:  ret  #0
//
// An instruction that this form does not have is an error: one that Check refuses, and one with
// something in a field that the kernel ignores.
func Kernel(p bpf.Program, comment func(pc int) string) (string, error) {
	labelled := make([]bool, len(p))
	list := make([]string, len(p))
	for pc, i := range p {
		text, targets, err := written(i, pc)
		if err != nil {
			return "", err
		}
		for _, to := range targets {
			if to >= len(p) {
				return "", fmt.Errorf("instruction %d jumps behind the last", pc)
			}
			labelled[to] = true
		}
		list[pc] = text
	}
	width := len(fmt.Sprintf("L%d: ", len(p)))
	var b strings.Builder
	for pc, text := range list {
		head := ""
		if labelled[pc] {
			head = fmt.Sprintf("L%d:", pc)
		}
		line := fmt.Sprintf("%-*s%s", width, head, text)
		if comment != nil {
			if c := strings.Join(strings.Fields(comment(pc)), " "); c != "" {
				line = fmt.Sprintf("%-*s ; %s", width+34, line, c)
			}
		}
		b.WriteString(line + "\n")
	}
	return b.String(), nil
}

// written is an instruction as text, and where it jumps to.
func written(i xbpf.RawInstruction, pc int) (text string, targets []int, err error) {
	for _, name := range names() {
		for _, f := range forms(name) {
			if f.op != i.Op {
				continue
			}
			text, targets, ok := f.write(name, i, pc)
			if !ok {
				return "", nil, fmt.Errorf("instruction %d has something in a field that the kernel ignores, which bpf_asm cannot say", pc)
			}
			return text, targets, nil
		}
	}
	return "", nil, fmt.Errorf("instruction %d has opcode %#x, which seccomp does not take", pc, i.Op)
}

// write is an instruction of this form as text. It is false if it holds more than the form says.
func (f form) write(name string, i xbpf.RawInstruction, pc int) (text string, targets []int, ok bool) {
	text, k := fmt.Sprintf("%-4s ", name), i.K
	switch f.operand {
	case none:
		text = name
	case constant:
		text, k = text+fmt.Sprintf("#%#x", i.K), 0
	case offset:
		text, k = text+fmt.Sprintf("[%d]", i.K), 0
	case cell:
		text, k = text+fmt.Sprintf("M[%d]", i.K), 0
	case length:
		text += "#len"
	case indexRegister:
		text += "x"
	case accumulator:
		text += "a"
	}
	switch f.targets {
	case "k":
		to := uint64(pc) + 1 + uint64(i.K)
		return text + fmt.Sprintf("L%d", to), []int{int(min(to, 1<<31-1))}, i.Jt|i.Jf == 0
	case "tf":
		targets = []int{pc + 1 + int(i.Jt), pc + 1 + int(i.Jf)}
		return text + fmt.Sprintf(", L%d, L%d", targets[0], targets[1]), targets, k == 0
	}
	return text, nil, k == 0 && i.Jt|i.Jf == 0
}
