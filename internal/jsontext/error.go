// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"fmt"
	"unicode/utf8"

	"github.com/gosieve/sieve/internal/text"
)

// Reason is what is wrong with a text.
type Reason uint8

// The reasons for which a Reader stops.
const (
	Syntax    Reason = iota // the text is not JSON
	TooDeep                 // lists and objects are nested deeper than the caller allows
	WrongType               // a value has another type than the caller wants
	Duplicate               // an object has a key twice
)

// Code is the reason as the code of a diagnostic.
func (r Reason) Code() string {
	switch r {
	case TooDeep:
		return "too-deep"
	case WrongType:
		return "wrong-type"
	case Duplicate:
		return "duplicate-key"
	}
	return "syntax"
}

// Error is why a text was refused, and where.
type Error struct {
	Reason  Reason
	Message string
	At      int    // offset in bytes
	Path    string // of the value that was being read
}

// Error is the message with its path. Callers that know the text make line and column
// of the offset (text.Lines).
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// stopped stands in Reader.err for an error that the caller keeps itself.
var stopped = &Error{}

// Err is the first error, nil if there is none or Stop came first.
func (r *Reader) Err() *Error {
	if r.err == stopped {
		return nil
	}
	return r.err
}

// Failed says whether reading has ended, by an error or by Stop.
func (r *Reader) Failed() bool { return r.err != nil }

// Stop ends reading: every method returns at once from here on.
func (r *Reader) Stop() {
	if r.err == nil {
		r.err = stopped
	}
}

// fail keeps an error if it is the first. Later ones would be about text that was misread.
func (r *Reader) fail(reason Reason, at int, format string, args ...any) {
	if r.err == nil {
		r.err = &Error{reason, fmt.Sprintf(format, args...), at, r.Path()}
	}
}

func (r *Reader) syntax(at int, format string, args ...any) { r.fail(Syntax, at, format, args...) }

// Twice refuses a key, which stands at an offset, because its object has it already.
func (r *Reader) Twice(key string, at int) {
	r.fail(Duplicate, at, "key %q is there twice", text.Clip(key))
}

// Unexpected refuses what stands here. The message says what is wanted in its place.
func (r *Reader) Unexpected(want string) {
	if r.err != nil {
		return
	}
	if r.at >= len(r.text) {
		r.syntax(len(r.text), "unexpected end of the document, want %s", want)
		return
	}
	c, _ := utf8.DecodeRuneInString(r.text[r.at:])
	if c == '/' || c == '#' {
		r.syntax(r.at, "unexpected %q, want %s: JSON has no comments", c, want)
		return
	}
	r.syntax(r.at, "unexpected %q, want %s", c, want)
}
