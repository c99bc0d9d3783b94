// SPDX-License-Identifier: Apache-2.0

package assembler

import (
	"fmt"
	"strconv"
	"strings"
)

// kind is the kind of a token.
type kind uint8

const (
	end    kind = iota
	word        // a name of an instruction, register or label, as it is written
	number      // a constant
	sign        // one of : , # % [ ] ( ) + * &
)

// token is a word, number or sign of a text.
type token struct {
	kind         kind
	text         string
	value        uint32 // number
	line, column int
}

// is says whether the token is that sign, or that word whatever its case.
func (t token) is(text string) bool { return t.kind != end && strings.EqualFold(t.text, text) }

// String is the token in an error.
func (t token) String() string {
	if t.kind == end {
		return "the end"
	}
	return fmt.Sprintf("%.40q", t.text)
}

// lexer divides a text into tokens. A newline is a blank; comments are /* */, what stands behind
// a semicolon, and lines that begin with "#".
type lexer struct {
	text  string
	at    int // offset of the next byte
	line  int // of that byte
	first int // offset of that line
}

// fail is an error at a token.
func (t token) fail(format string, args ...any) *Error {
	return &Error{Line: t.line, Column: t.column, reason: fmt.Sprintf(format, args...)}
}

// next is the next token.
func (l *lexer) next() (token, *Error) {
	if err := l.blank(); err != nil {
		return token{}, err
	}
	t := token{line: l.line, column: l.at - l.first + 1}
	if l.at == len(l.text) {
		return t, nil
	}
	rest := l.text[l.at:]
	n := 1
	switch c := rest[0]; {
	case letter(c):
		t.kind = word
		n = span(rest, func(c byte) bool { return letter(c) || digit(c) })
	case digit(c), (c == '-' || c == '+') && len(rest) > 1 && digit(rest[1]):
		t.kind = number
		n = 1 + span(rest[1:], func(c byte) bool { return letter(c) || digit(c) })
	case strings.IndexByte(":,#%[]()+*&", c) >= 0:
		t.kind = sign
	default:
		for n < len(rest) && rest[n]&0xc0 == 0x80 { // the rest of a character
			n++
		}
		return t, t.fail("%q, want an instruction", rest[:n])
	}
	t.text = rest[:n]
	l.at += n
	if t.kind == number {
		return l.number(t)
	}
	return t, nil
}

// blank passes over blanks and comments.
func (l *lexer) blank() *Error {
	for l.at < len(l.text) {
		rest := l.text[l.at:]
		switch {
		case rest[0] == '\n':
			l.at++
			l.line++
			l.first = l.at
		case strings.IndexByte(" \t\r\v\f", rest[0]) >= 0:
			l.at++
		case rest[0] == ';', rest[0] == '#' && l.at == l.first:
			if n := strings.IndexByte(rest, '\n'); n >= 0 {
				l.at += n
			} else {
				l.at = len(l.text)
			}
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return token{line: l.line, column: l.at - l.first + 1}.fail("a comment without end, want */")
			}
			comment := rest[:n+4]
			l.line += strings.Count(comment, "\n")
			if last := strings.LastIndexByte(comment, '\n'); last >= 0 {
				l.first = l.at + last + 1
			}
			l.at += len(comment)
		default:
			return nil
		}
	}
	return nil
}

// number reads the text of a number: decimal with or without sign, hexadecimal after 0x, binary
// after 0b, octal after 0. All of 32 bits.
func (l *lexer) number(t token) (token, *Error) {
	digits, base := strings.ToLower(t.text), 10
	switch {
	case strings.HasPrefix(digits, "0x"):
		digits, base = digits[2:], 16
	case strings.HasPrefix(digits, "0b"):
		digits, base = digits[2:], 2
	case len(digits) > 1 && digits[0] == '0':
		digits, base = digits[1:], 8
	}
	n, err := strconv.ParseInt(digits, base, 64)
	if err != nil || n > 1<<32-1 || n < -1<<31 {
		return t, t.fail("%s, want a number of at most 32 bits", t)
	}
	t.value = uint32(n)
	return t, nil
}

func letter(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

// span is how many bytes at the beginning of a text are of a kind.
func span(text string, of func(byte) bool) int {
	n := 0
	for n < len(text) && of(text[n]) {
		n++
	}
	return n
}
