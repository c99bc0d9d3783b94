// SPDX-License-Identifier: Apache-2.0

package assembler

import (
	"strings"

	"github.com/gosieve/sieve/bpf"
)

// operand is what an instruction works with.
type operand uint8

const (
	none          operand = iota
	constant              // #0x2a
	offset                // [42]
	cell                  // M[2]
	length                // #len
	indexRegister         // x
	accumulator           // a
	label                 // where a jump leads
)

// String is the operand in an error.
func (o operand) String() string {
	return [...]string{"nothing", "a constant", "a place in the data", "a cell of the memory", "the length", "x", "a", "a label"}[o]
}

// form is one way to write an instruction.
type form struct {
	op      uint16
	operand operand
	targets string // the labels that follow: t, f, or k for all of K; of two the second may be missing
	bare    bool   // the constant may stand without #
}

// forms are the ways to write the instructions of a name; nil for no such name.
func forms(name string) []form {
	two := func(k, x uint16, targets string) []form {
		return []form{{op: k, operand: constant, targets: targets}, {op: x, operand: indexRegister, targets: targets}}
	}
	switch strings.ToLower(name) {
	case "ld":
		return []form{{op: bpf.OpLdAbs, operand: offset}, {op: bpf.OpLdImm, operand: constant}, {op: bpf.OpLdMem, operand: cell}, {op: bpf.OpLdLen, operand: length}}
	case "ldx":
		return []form{{op: bpf.OpLdxImm, operand: constant}, {op: bpf.OpLdxMem, operand: cell}, {op: bpf.OpLdxLen, operand: length}}
	case "ldi":
		return []form{{op: bpf.OpLdImm, operand: constant, bare: true}}
	case "ldxi":
		return []form{{op: bpf.OpLdxImm, operand: constant, bare: true}}
	case "st":
		return []form{{op: bpf.OpSt, operand: cell}}
	case "stx":
		return []form{{op: bpf.OpStx, operand: cell}}
	case "ret":
		return []form{{op: bpf.OpRetK, operand: constant}, {op: bpf.OpRetA, operand: accumulator}}
	case "tax":
		return []form{{op: bpf.OpTax}}
	case "txa":
		return []form{{op: bpf.OpTxa}}
	case "neg":
		return []form{{op: bpf.OpNeg}}
	case "ja", "jmp":
		return []form{{op: bpf.OpJa, operand: label, targets: "k"}}
	case "jeq":
		return two(bpf.OpJeqK, bpf.OpJeqX, "tf")
	case "jgt":
		return two(bpf.OpJgtK, bpf.OpJgtX, "tf")
	case "jge":
		return two(bpf.OpJgeK, bpf.OpJgeX, "tf")
	case "jset":
		return two(bpf.OpJsetK, bpf.OpJsetX, "tf")
	case "jneq", "jne": // the opposites of three: they lead on if the comparison fails
		return two(bpf.OpJeqK, bpf.OpJeqX, "f")
	case "jlt":
		return two(bpf.OpJgeK, bpf.OpJgeX, "f")
	case "jle":
		return two(bpf.OpJgtK, bpf.OpJgtX, "f")
	}
	return arithmetic(strings.ToLower(name), two)
}

// arithmetic is forms for what computes.
func arithmetic(name string, two func(k, x uint16, targets string) []form) []form {
	switch name {
	case "add":
		return two(bpf.OpAddK, bpf.OpAddX, "")
	case "sub":
		return two(bpf.OpSubK, bpf.OpSubX, "")
	case "mul":
		return two(bpf.OpMulK, bpf.OpMulX, "")
	case "div":
		return two(bpf.OpDivK, bpf.OpDivX, "")
	case "and":
		return two(bpf.OpAndK, bpf.OpAndX, "")
	case "or":
		return two(bpf.OpOrK, bpf.OpOrX, "")
	case "xor":
		return two(bpf.OpXorK, bpf.OpXorX, "")
	case "lsh":
		return two(bpf.OpLshK, bpf.OpLshX, "")
	case "rsh":
		return two(bpf.OpRshK, bpf.OpRshX, "")
	}
	return nil
}

// names are those by which instructions are written; others are read alone.
func names() []string {
	return []string{"ld", "ldx", "st", "stx", "add", "sub", "mul", "div", "and", "or", "xor", "lsh", "rsh", "neg", "tax", "txa", "ja", "jeq", "jgt", "jge", "jset", "ret"}
}
