// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
)

// formats are the ways to write a program.
var formats = []string{"raw", "asm", "c", "json", "dot"}

// formatter returns the function that writes a program in a format; raw in the ABI's byte
// order. Each gives the same bytes for the same program.
func formatter(format string, abi arch.Arch) (func(bpf.Program) string, error) {
	switch format {
	case "raw":
		return func(p bpf.Program) string { return string(p.AppendBinary(nil, byteOrder(abi))) }, nil
	case "asm":
		return assembly, nil
	case "c":
		return cSource, nil
	case "json":
		return jsonText, nil
	case "dot":
		return dotGraph, nil
	}
	return nil, fmt.Errorf("--format: %w", unknownWord("format", format, formats...))
}

// byteOrder is the target's byte order: the kernel takes struct sock_filter in its own.
func byteOrder(abi arch.Arch) binary.ByteOrder {
	if abi.BigEndian() {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// cSource writes the program as a C array of struct sock_filter (linux/filter.h). Each
// element has its text as a comment.
func cSource(p bpf.Program) string {
	var b strings.Builder
	lines := strings.Split(assembly(p), "\n")
	b.WriteString("#include <linux/filter.h>\n\nstatic const struct sock_filter filter[] = {\n")
	for pc, i := range p {
		fmt.Fprintf(&b, "\t{ 0x%02x, %3d, %3d, 0x%08x }, /* %s */\n", i.Op, i.Jt, i.Jf, i.K, lines[pc])
	}
	b.WriteString("};\n")
	return b.String()
}

// jsonText writes the program as an array of the four fields of struct sock_filter, an
// instruction a line.
func jsonText(p bpf.Program) string {
	type instruction struct {
		Code uint16 `json:"code"`
		Jt   uint8  `json:"jt"`
		Jf   uint8  `json:"jf"`
		K    uint32 `json:"k"`
	}
	list := make([]instruction, len(p))
	for pc, i := range p {
		list[pc] = instruction{i.Op, i.Jt, i.Jf, i.K}
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic("sieve: numbers cannot be written as JSON: " + err.Error())
	}
	return strings.ReplaceAll(string(text), "},{", "},\n {") + "\n"
}
