// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"
	"strconv"
	"strings"

	xbpf "golang.org/x/net/bpf"
)

// String is the program as text, one instruction a line:
//
//	0: ld   [4]
//	1: jeq  #0xc000003e  jt 2  jf 4
//	2: ld   [0]
//	3: jge  #0x40000000  jt 4  jf 5
//	4: ret  #0x0
//	5: ret  #0x7fff0000
//
// Instructions have their index; jt and jf are the indices of the instructions
// that follow if the comparison holds and if not. An opcode that seccomp does
// not take, or an instruction with something in a field that the kernel ignores, is
// written as its four fields (opcode, jt, jf, K):
//
//	6: .raw 0x7 0 0 0x1
//
// Parse reads all of that back to the same instructions.
func (p Program) String() string { return string(p.AppendText(nil, nil)) }

// AppendText appends the text of String to b. If comment is not nil, what it
// returns for an instruction stands at the end of its line, after a semicolon;
// an empty comment leaves none.
func (p Program) AppendText(b []byte, comment func(pc int) string) []byte {
	width := len(strconv.Itoa(len(p) - 1))
	for pc, i := range p {
		start := len(b)
		b = fmt.Appendf(b, "%*d: ", width, pc)
		b = appendInstruction(b, pc, i)
		if comment != nil {
			if c := comment(pc); c != "" {
				const column = 40
				pad := max(1, width+column-(len(b)-start))
				b = fmt.Appendf(b, "%*s; %s", pad, "", strings.ReplaceAll(c, "\n", " "))
			}
		}
		b = append(b, '\n')
	}
	return b
}

// appendInstruction writes the instruction at index pc. Targets are written as indices and
// not as offsets, because a reader looks for the line. Operands stand in column 5.
func appendInstruction(b []byte, pc int, i xbpf.RawInstruction) []byte {
	s := shapeOf(i.Op)
	if !s.writes(i) {
		return fmt.Appendf(b, ".raw %#x %d %d %#x", i.Op, i.Jt, i.Jf, i.K)
	}
	b = append(b, s.name...)
	if s.operand != nothing {
		b = fmt.Appendf(b, "%*s", 5-len(s.name), "")
	}
	switch s.operand {
	case constant:
		b = fmt.Appendf(b, "#%#x", i.K)
	case word:
		b = fmt.Appendf(b, "[%d]", i.K)
	case cell:
		b = fmt.Appendf(b, "M[%d]", i.K)
	case length:
		b = append(b, "#pktlen"...)
	case indexReg:
		b = append(b, 'x')
	case accReg:
		b = append(b, 'a')
	case target:
		b = strconv.AppendUint(b, uint64(pc)+1+uint64(i.K), 10)
	}
	if s.branch {
		b = fmt.Appendf(b, "  jt %d  jf %d", pc+1+int(i.Jt), pc+1+int(i.Jf))
	}
	return b
}
