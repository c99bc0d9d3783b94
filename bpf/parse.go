// SPDX-License-Identifier: Apache-2.0

package bpf

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	xbpf "golang.org/x/net/bpf"
)

// Parse reads a program from the text that String writes. Lines may be blank, a
// semicolon begins a comment, the index before an instruction may be left out,
// and numbers are decimal or, after 0x, hexadecimal. Targets are indices of
// instructions, also where no index is written.
//
// Parse reads what is written and does not Check it. Errors wrap ErrInvalid and
// name the line and the column in bytes, both from 1; one for a text of more than
// MaxInstructions wraps ErrTooLong too. They have them as numbers for errors.As, with a
// value of type interface{ Place() (line, column int) }.
func Parse(text string) (Program, error) {
	var p Program
	number := 0
	for line := range strings.Lines(text) {
		number++
		line, _, _ = strings.Cut(line, ";")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(p) == MaxInstructions {
			long := fmt.Errorf("%w: want at most %d instructions", ErrTooLong, MaxInstructions)
			return nil, &textError{number, columnOf(line, 0), long}
		}
		i, err := parseLine(fields, len(p))
		if err != nil {
			return nil, &textError{number, columnOf(line, err.field), err}
		}
		p = append(p, i)
	}
	if len(p) == 0 {
		return nil, fmt.Errorf("%w: no instructions, want 1 to %d", ErrInvalid, MaxInstructions)
	}
	return p, nil
}

// textError is a mistake in a text, and where it is.
type textError struct {
	line, column int
	error
}

func (e *textError) Error() string {
	return fmt.Sprintf("%v: line %d, column %d: %v", ErrInvalid, e.line, e.column, e.error)
}

// Place is where the mistake is, from 1.
func (e *textError) Place() (line, column int) { return e.line, e.column }

func (e *textError) Unwrap() []error { return []error{ErrInvalid, e.error} }

// fieldError is what is wrong with a field of a line, counted from 0.
type fieldError struct {
	field  int
	reason string
}

func (e *fieldError) Error() string { return e.reason }

func misread(field int, format string, args ...any) *fieldError {
	return &fieldError{field, fmt.Sprintf(format, args...)}
}

// columnOf is where a field of a line begins, in bytes from 1.
func columnOf(line string, field int) int {
	rest := line
	for {
		rest = strings.TrimLeftFunc(rest, unicode.IsSpace)
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if field == 0 || end < 0 {
			return len(line) - len(rest) + 1
		}
		rest, field = rest[end:], field-1
	}
}

// parseLine reads the instruction at index pc with the index before it, if any:
//
//	4: jeq #0xc000003e jt 5 jf 9
//
// A wrong index is an error: lines were added or lost, and targets would mean others.
func parseLine(fields []string, pc int) (xbpf.RawInstruction, *fieldError) {
	skipped := 0
	if index, ok := strings.CutSuffix(fields[0], ":"); ok {
		if n, err := parseNumber(index, 32); err != nil || n != uint64(pc) {
			return xbpf.RawInstruction{}, misread(0, "index %q, want %d", index, pc)
		}
		fields, skipped = fields[1:], 1
	}
	if len(fields) == 0 {
		return xbpf.RawInstruction{}, misread(0, "index %d without an instruction", pc)
	}
	read := parseInstruction
	if fields[0] == ".raw" {
		read = parseRaw
	}
	i, err := read(fields, pc)
	if err != nil {
		err.field += skipped
	}
	return i, err
}

// parseRaw reads the four fields of an instruction, whatever they mean. It is how text
// keeps instructions that have no form of their own.
//
//	.raw 0x15 1 0 0x3e
func parseRaw(fields []string, _ int) (i xbpf.RawInstruction, _ *fieldError) {
	if len(fields) != 5 {
		return i, misread(0, ".raw with %d numbers, want 4: opcode, jt, jf, K", len(fields)-1)
	}
	var n [4]uint64
	for f, bits := range [4]int{16, 8, 8, 32} {
		var err error
		if n[f], err = parseNumber(fields[f+1], bits); err != nil {
			return i, misread(f+1, "%v", err)
		}
	}
	return xbpf.RawInstruction{Op: uint16(n[0]), Jt: uint8(n[1]), Jf: uint8(n[2]), K: uint32(n[3])}, nil
}

// parseInstruction reads a name, an operand and targets. One name belongs to several
// opcodes, which differ in their operand: the first shape that the fields fit is the one.
// Two shapes of one name are never written alike (opcode.go).
func parseInstruction(fields []string, pc int) (xbpf.RawInstruction, *fieldError) {
	known := false
	for code, s := range shapes {
		if s.name == "" || s.name != fields[0] {
			continue
		}
		known = true
		if len(fields) != s.fields() {
			continue
		}
		if k, ok := s.operand.digits(fields[1:]); ok {
			return s.parse(uint16(code), k, fields, pc)
		}
	}
	if !known {
		return xbpf.RawInstruction{}, misread(0, "unknown instruction %q", fields[0])
	}
	return xbpf.RawInstruction{}, misread(min(1, len(fields)-1), "%q does not take %q", fields[0], strings.Join(fields[1:], " "))
}

// parse reads the number of the operand, and the targets. It keeps the range of each field
// of the instruction: a target that jt cannot reach is an error, not another program.
func (s shape) parse(code uint16, k string, fields []string, pc int) (i xbpf.RawInstruction, _ *fieldError) {
	i.Op = code
	var err error
	switch {
	case s.operand == target:
		i.K, err = parseTarget(k, pc, 1<<32-1)
	case s.usesK():
		var n uint64
		n, err = parseNumber(k, 32)
		i.K = uint32(n)
	}
	if err != nil {
		return i, misread(1, "%v", err)
	}
	if !s.branch {
		return i, nil
	}
	if fields[2] != "jt" || fields[4] != "jf" {
		return i, misread(2, "%q, want jt and a target, jf and a target", strings.Join(fields[2:], " "))
	}
	jt, err := parseTarget(fields[3], pc, 255)
	if err != nil {
		return i, misread(3, "%v", err)
	}
	jf, err := parseTarget(fields[5], pc, 255)
	if err != nil {
		return i, misread(5, "%v", err)
	}
	i.Jt, i.Jf = uint8(jt), uint8(jf)
	return i, nil
}

// fields is how many words an instruction of this shape is written in.
func (s shape) fields() int {
	n := 1
	if s.operand != nothing {
		n++
	}
	if s.branch {
		n += 4
	}
	return n
}

// digits says whether the first field is written like this operand, and what in it
// stands for a number.
func (o operand) digits(fields []string) (k string, ok bool) {
	if o == nothing {
		return "", true
	}
	f := fields[0]
	switch o {
	case constant:
		k, ok = strings.CutPrefix(f, "#")
		return k, ok && k != "pktlen"
	case word:
		return inBrackets(f, "[")
	case cell:
		return inBrackets(f, "M[")
	case length:
		return "", f == "#pktlen"
	case indexReg:
		return "", f == "x"
	case accReg:
		return "", f == "a"
	}
	return f, true
}

// inBrackets is what stands between open and a closing bracket.
func inBrackets(f, open string) (k string, ok bool) {
	if k, ok = strings.CutPrefix(f, open); !ok {
		return "", false
	}
	return strings.CutSuffix(k, "]")
}

// parseTarget reads the index of an instruction behind pc and returns how many
// instructions lie between.
func parseTarget(s string, pc int, farthest uint64) (uint32, error) {
	first := uint64(pc) + 1
	n, err := parseNumber(s, 64)
	if err != nil {
		return 0, err
	}
	if n < first || n-first > farthest {
		return 0, fmt.Errorf("target %s, want %d to %d", s, first, first+farthest)
	}
	return uint32(n - first), nil
}

// parseNumber reads a decimal or hexadecimal number. Signs, underscores and octal, which
// package strconv could read too, are errors: no tool writes them, and 010 is 8 to the kernel's
// assembler.
func parseNumber(s string, bits int) (uint64, error) {
	digits, base := s, 10
	if hex, ok := strings.CutPrefix(s, "0x"); ok {
		digits, base = hex, 16
	} else if len(s) > 1 && s[0] == '0' {
		return 0, fmt.Errorf("%q, want a number that does not begin with 0", s)
	}
	n, err := strconv.ParseUint(digits, base, bits)
	if err != nil {
		return 0, fmt.Errorf("%q, want a number of at most %d bits", s, bits)
	}
	return n, nil
}
