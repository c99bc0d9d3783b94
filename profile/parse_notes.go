// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/jsontext"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/text"
)

// notes collects errors and warnings about a document while it is read.
type notes struct {
	file       string
	strict     bool // a warning is an error
	warnings   []Diagnostic
	dropped    int      // warnings beyond maxWarnings
	kept       []*Error // after which reading goes on
	badNumbers int      // how many of them are numbers, in whose place 0 was read
	lines      *text.Lines
	edits      []Edit // that mend what the next warning is about
}

// maxWarnings bounds what a document can make the parser keep.
//
// A document of 64 MiB can have millions of unknown keys.
const maxWarnings = 1000

// full says whether no more warnings are kept.
func (n *notes) full() bool { return len(n.warnings) >= maxWarnings }

// more is a warning for those that were dropped.
func (n *notes) more() {
	if n.dropped > 0 {
		n.warnings = append(n.warnings, Diagnostic{Severity: Warning, Code: "more-warnings",
			Message: strconv.Itoa(n.dropped) + " more warnings", Place: Place{File: n.file}})
	}
}

// placeOf is an offset with a path.
func (p *parser) placeOf(at int, path string) Place {
	line, column := 1, 1 // of a document that was not read
	if p.lines != nil {
		line, column = p.lines.Position(at)
	}
	return Place{File: p.file, Line: line, Column: column, Path: path}
}

// failure is an error about what is being read.
func (p *parser) failure(kind error, code Code, at int, format string, args ...any) *Error {
	return &Error{Diagnostic: Diagnostic{Severity: Failure, Code: code, Message: fmt.Sprintf(format, args...),
		Place: p.placeOf(at, p.Path())}, Kind: kind}
}

// wrong refuses a value that is no part of a profile, and ends reading.
//
// What follows cannot be read after such a value, as it is not known where it ends or
// what it was to be. keepWrong is for all others.
func (p *parser) wrong(code Code, at int, format string, args ...any) {
	if !p.Failed() {
		p.kept = append(p.kept, p.failure(ErrProfile, code, at, format, args...))
		p.Stop()
	}
}

// keep is for an error after which reading can go on. After maxErrors it does not.
func (p *parser) keep(e *Error) {
	if e == nil || p.Failed() {
		return
	}
	if p.kept = append(p.kept, e); len(p.kept) >= maxErrors {
		p.Stop()
	}
}

// keepWrong is wrong for a value that has been read.
func (p *parser) keepWrong(code Code, at int, format string, args ...any) {
	if !p.Failed() {
		p.keep(p.failure(ErrProfile, code, at, format, args...))
	}
}

// misspelt adds to an error about a key that is missing the unknown one that was probably meant
// to be it. The warning about that one alone would not be seen: there is no profile.
func (p *parser) misspelt(e *Error) {
	parent, key := "", e.Place.Path
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		parent, key = key[:i+1], key[i+1:]
	}
	if !strings.HasPrefix(e.Message, "no ") {
		return
	}
	for i := range p.warnings {
		d := &p.warnings[i]
		if d.Code == "unknown-key" && d.Fix == "write "+strconv.Quote(key) && strings.HasPrefix(d.Place.Path, parent) && !strings.Contains(d.Place.Path[len(parent):], ".") {
			e.Place.Line, e.Place.Column, e.Fix = d.Place.Line, d.Place.Column, d.Fix
			e.Message += fmt.Sprintf("; %s is no key, did you mean %q?", strings.TrimPrefix(strings.Split(d.Message, ", nearest is ")[0], "unknown key "), key)
			return
		}
	}
}

// badNumber refuses a number, for which 0 is read.
//
// The count lets a rule with such a number go without further errors about the 0 that
// stands for it.
func (p *parser) badNumber(at int, format string, args ...any) {
	p.badNumbers++
	p.keepWrong("number", at, format, args...)
}

// warnMended is warn where edits mend what is wrong.
func (p *parser) warnMended(edit Edit, code Code, at int, format string, args ...any) {
	p.edits = []Edit{edit}
	p.warn(code, at, resolution.Fix(p.edits), format, args...)
	p.edits = nil
}

// warn keeps a warning. If the options say so it is an error.
//
// With Strict it goes on after the error, so that one run shows all of them, up to
// maxErrors.
func (p *parser) warn(code Code, at int, fix, format string, args ...any) {
	switch {
	case p.Failed():
	case p.strict:
		e := p.failure(ErrProfile, code, at, format, args...)
		e.Fix, e.Edits = fix, p.edits
		p.keep(e)
	case p.full():
		p.dropped++
	default:
		p.warnings = append(p.warnings, Diagnostic{Severity: Warning, Code: code, Message: fmt.Sprintf(format, args...),
			Place: p.placeOf(at, p.Path()), Fix: fix, Edits: p.edits})
	}
}

// refusal is the error for all that is wrong, nil if nothing is.
func (p *parser) refusal() error {
	if e := p.Err(); e != nil {
		p.kept = append(p.kept, refused(e, p.placeOf(e.At, e.Path)))
	}
	if len(p.kept) == 0 {
		return nil
	}
	return together(p.kept)
}

// refused is an error of the JSON reader as one of this package.
func refused(e *jsontext.Error, place Place) *Error {
	kind := ErrProfile
	switch e.Reason {
	case jsontext.Syntax:
		kind = ErrSyntax
	case jsontext.TooDeep:
		kind = ErrLimit
	}
	return &Error{Diagnostic: Diagnostic{Severity: Failure, Code: Code(e.Reason.Code()), Message: e.Message, Place: place}, Kind: kind}
}
