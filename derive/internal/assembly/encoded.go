// SPDX-License-Identifier: Apache-2.0

package assembly

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// width is the size of what a directive of machine code writes.
func (m *machine) width(op string) int {
	switch op {
	case "BYTE":
		return 1
	case "WORD":
		if m.goarch == "amd64" || m.goarch == "386" {
			return 2
		}
		return 4
	case "LONG":
		return 4
	case "QUAD", "DWORD":
		return 8
	}
	return 0
}

// encoded says whether machine code that begins at a directive could be a system call:
// somebody wrote one by its bytes.
func (m *machine) encoded(f *Function, i int) bool {
	if m.width(f.body[i].op) == 0 {
		return false
	}
	var code []byte
	first := 0
	for ; i < len(f.body) && len(code) < 16; i++ {
		in := &f.body[i]
		width := m.width(in.op)
		if width == 0 {
			break
		}
		var n int64
		ok := len(in.operands) == 1 && len(in.operands[0]) > 1
		if ok {
			n, ok = constant(in.operands[0][1:])
		}
		if !ok && len(in.operands) == 1 && strings.Contains(in.operands[0], "(SB)") {
			break // an address
		}
		if !ok {
			return len(code) == 0 // not a number: nobody knows what it is
		}
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], uint64(n))
		code = append(code, word[:width]...)
		if first == 0 {
			first = width
		}
	}
	return m.machineCode(code, first)
}

// machineCode says whether bytes have a system call that begins in the first of them.
func (m *machine) machineCode(code []byte, first int) bool {
	var patterns [][]byte
	switch m.goarch {
	case "amd64", "386":
		patterns = [][]byte{{0x0f, 0x05}, {0x0f, 0x34}, {0xcd, 0x80}}
	default:
		if len(code) < 4 {
			return false
		}
		return m.wordCalls(binary.LittleEndian.Uint32(code))
	}
	for _, p := range patterns {
		if at := bytes.Index(code, p); at >= 0 && at < first {
			return true
		}
	}
	return false
}

// wordCalls says whether an instruction word is a system call.
func (m *machine) wordCalls(word uint32) bool {
	switch m.goarch {
	case "arm64":
		return word&0xffe0001f == 0xd4000001
	case "arm":
		return word&0x0f000000 == 0x0f000000
	case "riscv64":
		return word == 0x00000073
	case "loong64":
		return word&0xffff8000 == 0x002b0000
	case "ppc64", "ppc64le":
		return word == 0x44000002 || word == 0x44000001
	case "s390x":
		return word>>8&0xff == 0x0a || word&0xff == 0x0a || word>>24 == 0x0a || word>>16&0xff == 0x0a
	}
	return word&0xfc00003f == 0x0000000c // MIPS
}
