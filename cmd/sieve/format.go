// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
)

// formats are the ways to write a program.
var formats = []string{"raw", "asm", "bpf_asm", "c", "json", "crun", "dot"}

// programWriter writes a program as text or bytes. Each gives the same bytes for the same
// program.
type programWriter func(bpf.Program) (string, error)

// formatFlag is --format of the commands that write programs.
func formatFlag() *cli.Flag {
	return &cli.Flag{Name: "format", Usage: "write `FORMAT`: " + strings.Join(formats, ", "), DefaultText: "asm on a terminal, else raw"}
}

// chosenFormat is --format. Without it a terminal gets text, because raw bytes would garble it.
func chosenFormat(cmd *cli.Command) (programWriter, error) {
	abi, err := archOf(cmd)
	if err != nil {
		return nil, err
	}
	format := cmd.String("format")
	if format == "" {
		// raw is what other programs read; a script that has no terminal always gets it.
		format = "raw"
		if name := cmd.String("o"); (name == "" || name == "-") && isTerminal(cmd.Root().Writer) {
			format = "asm"
		}
	}
	return formatter(format, abi)
}

// formatter returns the function that writes a program in a format; raw and crun in the ABI's
// byte order.
func formatter(format string, abi arch.Arch) (programWriter, error) {
	order := byteOrder(abi)
	switch format {
	case "raw":
		return plainly(func(p bpf.Program) string { return string(p.AppendBinary(nil, order)) }), nil
	case "asm":
		return plainly(assembly), nil
	case "bpf_asm":
		return kernelAssembly, nil
	case "c":
		return plainly(cSource), nil
	case "json":
		return plainly(jsonText), nil
	case "crun":
		return plainly(func(p bpf.Program) string { return crunAnnotation(p, order) }), nil
	case "dot":
		return plainly(dotGraph), nil
	}
	return nil, fmt.Errorf("--format: %w", unknownWord("format", format, formats...))
}

// plainly is a writer that can say everything.
func plainly(write func(bpf.Program) string) programWriter {
	return func(p bpf.Program) (string, error) { return write(p), nil }
}

// crunAnnotation is the annotation by which crun loads a program in place of a container's
// profile (crun(1)), as podman's --annotation takes it: NAME=VALUE.
func crunAnnotation(p bpf.Program, order binary.ByteOrder) string {
	return "run.oci.seccomp_bpf_data=" + base64.StdEncoding.EncodeToString(p.AppendBinary(nil, order)) + "\n"
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
