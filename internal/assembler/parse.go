// SPDX-License-Identifier: Apache-2.0

package assembler

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/bpf"
)

// Error is a mistake in a text, or an instruction in it that the kernel would refuse.
type Error struct {
	Line, Column int // from 1, Column in bytes; 0 for the text as a whole
	reason       string
	cause        error // nil, or what package bpf says
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.reason
	}
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.reason)
}

// Reason is the error without its place.
func (e *Error) Reason() string { return e.reason }

func (e *Error) Unwrap() error { return e.cause }

// Parse reads a program that the kernel takes, from either form. All errors are of type *Error.
func Parse(text string) (bpf.Program, error) {
	if listed(text) {
		return parseListing(text)
	}
	r := &reader{lexer: lexer{text: text, line: 1}, labels: map[string]int{}}
	p, err := r.program()
	if err != nil {
		return nil, err
	}
	return checked(p, func(pc int) (int, int) { return r.places[pc].line, r.places[pc].column })
}

// listed says whether a text is in the form of package bpf: it has something that bpf_asm's
// lacks, an index before an instruction, targets after jt and jf, .raw or #pktlen. A text with
// none of these means the same in both.
func listed(text string) bool {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, ";")
		for k, field := range strings.Fields(line) {
			if field == "jt" || field == "jf" || field == "#pktlen" || k == 0 && (field == ".raw" || index(field)) {
				return true
			}
		}
	}
	return false
}

// index says whether a field is the index of an instruction: "12:".
func index(field string) bool {
	digits, ok := strings.CutSuffix(field, ":")
	return ok && digits != "" && strings.Trim(digits, "0123456789") == ""
}

// parseListing reads the form of package bpf.
func parseListing(text string) (bpf.Program, error) {
	p, err := bpf.Parse(text)
	if err == nil {
		return checked(p, listing(text).place)
	}
	var at interface{ Place() (line, column int) }
	if errors.As(err, &at) {
		line, column := at.Place()
		_, reason, _ := strings.Cut(err.Error(), fmt.Sprintf("column %d: ", column))
		return nil, &Error{line, column, reason, err}
	}
	return nil, &Error{reason: err.Error(), cause: err}
}

// listing is a text in the form of package bpf.
type listing string

// place is where the instruction of an index stands.
func (l listing) place(pc int) (line, column int) {
	number := 0
	for text := range strings.Lines(string(l)) {
		number++
		text, _, _ = strings.Cut(text, ";")
		fields := strings.Fields(text)
		if len(fields) == 0 {
			continue
		}
		if pc > 0 {
			pc--
			continue
		}
		column := strings.Index(text, fields[0]) + 1
		if index(fields[0]) && len(fields) > 1 {
			column += len(fields[0]) + strings.Index(text[column-1+len(fields[0]):], fields[1])
		}
		return number, column
	}
	return 0, 0
}

// checked is the program if the kernel takes it. The error is about an instruction, whose place
// it finds.
func checked(p bpf.Program, place func(pc int) (line, column int)) (bpf.Program, error) {
	err := p.Check()
	if err == nil {
		return p, nil
	}
	var at interface{ Instruction() int }
	if !errors.As(err, &at) {
		return nil, &Error{reason: err.Error(), cause: err}
	}
	line, column := place(at.Instruction())
	return nil, &Error{line, column, err.Error(), err}
}
