// SPDX-License-Identifier: Apache-2.0

// Package picojson reads JSON as a Mesos agent does, with its version of the C++ library
// picojson.
//
// Its grammar is not that of RFC 8259. It is lenient in places: "01" and "1." are numbers,
// strings may hold any bytes but control characters, and of a key that is there twice the
// last counts. It is strict in others: lists and objects nest at most 200 deep. Integers
// beyond 63 bits become doubles. A profile must mean to Sieve what it means to the agent,
// so each of these is copied and none is mended, and messages are the agent's own, word
// for word:
//
//	v, message, at := picojson.Read(doc)
//	action, why := v.Field("defaultAction", picojson.Text)
//
// Everywhere else in this module package jsontext reads JSON. The two share nothing: a
// reader with a switch for lenience would put every leniency within a flag of the strict
// one. This one keeps no places but where values begin, and has no bound on a document's
// size: the caller has (profile.Limits).
package picojson

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Kind is a JSON type. A missing value has none: Field says so.
type Kind uint8

// The types.
const (
	Null Kind = iota
	Boolean
	Number
	Text
	List
	Object
)

// Value is a JSON value and where it begins.
type Value struct {
	Kind   Kind
	At     int               // offset in the document, in bytes
	Truth  bool              // of a Boolean
	Num    Numeral           // of a Number
	Text   string            // of a Text
	Items  []*Value          // of a List
	Fields map[string]*Value // of an Object
}

// Numeral is a number as picojson has it (PICOJSON_USE_INT64): an integer if it fits into
// 64 bits with sign, or else a double, which loses digits beyond 2^53.
type Numeral struct {
	Whole  bool
	Int    int64   // if Whole
	Double float64 // if not
}

// deepest is how many lists and objects may be open at once. The bound is the agent's, and
// keeps the reader's recursion short.
const deepest = 200

// space is the characters that may stand between values.
const space = " \t\n\r"

// reader goes through a document once. Methods that read return false where the document is
// wrong, and leave pos at the character that picojson names in its message.
type reader struct {
	doc  string
	pos  int
	over bool // a number is beyond a double
}

// Read reads a document. For one that the agent refuses, message is the agent's, and at is
// the offset at which it stopped. The text behind a value must be white space:
//
//	{"a": 1} x    ->    Parsed JSON included non-whitespace trailing characters:  x
func Read(doc string) (v *Value, message string, at int) {
	r := reader{doc: doc}
	v, ok := r.value(0)
	switch {
	case r.over:
		return nil, "Value out of range", r.pos
	case !ok:
		return nil, r.syntax(), r.pos
	}
	if rest := strings.TrimRight(doc[r.pos:], space); rest != "" {
		return nil, "Parsed JSON included non-whitespace trailing characters: " + rest, r.pos
	}
	return v, "", 0
}

// syntax is the message for where the reader stopped: the rest of the line from there,
// without control characters.
//
//	[1, ]    ->    syntax error at line 1 near: ]
func (r *reader) syntax() string {
	line := 1 + strings.Count(r.doc[:r.pos], "\n")
	near, _, _ := strings.Cut(r.doc[r.pos:], "\n")
	near = strings.Map(func(c rune) rune {
		if c < ' ' {
			return -1
		}
		return c
	}, near)
	return fmt.Sprintf("syntax error at line %d near: %s", line, near)
}

// skip passes white space: the four characters of RFC 8259. Comments are an error, and so is
// a byte order mark.
func (r *reader) skip() {
	for r.pos < len(r.doc) && strings.IndexByte(space, r.doc[r.pos]) >= 0 {
		r.pos++
	}
}

// take passes the text if it comes next, after white space. "nullx" begins with null: what
// follows is then wrong as the next thing, not as a part of the word.
func (r *reader) take(s string) bool {
	r.skip()
	if !strings.HasPrefix(r.doc[r.pos:], s) {
		return false
	}
	r.pos += len(s)
	return true
}

// value reads any value. Depth is how many lists and objects are open around it. It is false
// at the end of the document and at a character that begins no value.
func (r *reader) value(depth int) (*Value, bool) {
	r.skip()
	if r.pos >= len(r.doc) {
		return nil, false
	}
	v := &Value{At: r.pos}
	ok := false
	switch c := r.doc[r.pos]; {
	case c == 'n':
		ok = r.take("null")
	case c == 't':
		v.Kind, v.Truth = Boolean, true
		ok = r.take("true")
	case c == 'f':
		v.Kind = Boolean
		ok = r.take("false")
	case c == '"':
		v.Kind = Text
		v.Text, ok = r.string()
	case c == '[':
		ok = depth < deepest && r.list(v, depth)
	case c == '{':
		ok = depth < deepest && r.object(v, depth)
	case c == '-' || c >= '0' && c <= '9':
		v.Kind = Number
		v.Num, ok = r.number()
	}
	return v, ok
}

// list reads the items of a list from its bracket on. A comma before "]" is an error: a
// value must follow it.
func (r *reader) list(v *Value, depth int) bool {
	v.Kind = List
	r.pos++
	if r.take("]") {
		return true
	}
	for {
		item, ok := r.value(depth + 1)
		if !ok {
			return false
		}
		v.Items = append(v.Items, item)
		if !r.take(",") {
			return r.take("]")
		}
	}
}

// object reads the fields of an object, whose brace stands here. A later field replaces an
// earlier one with the same key.
func (r *reader) object(v *Value, depth int) bool {
	v.Kind, v.Fields = Object, map[string]*Value{}
	r.pos++
	if r.take("}") {
		return true
	}
	for {
		r.skip()
		if r.pos >= len(r.doc) || r.doc[r.pos] != '"' {
			return false
		}
		key, ok := r.string()
		if !ok || !r.take(":") {
			return false
		}
		item, ok := r.value(depth + 1)
		if !ok {
			return false
		}
		v.Fields[key] = item
		if !r.take(",") {
			return r.take("}")
		}
	}
}

// number takes all characters that a number may have, and then what they say as a whole to
// strtoimax(3) or strtod(3). That is why "01" and "1." are numbers and "1-1" is none.
func (r *reader) number() (Numeral, bool) {
	from := r.pos
	for r.pos < len(r.doc) && strings.IndexByte("0123456789+-.eE", r.doc[r.pos]) >= 0 {
		r.pos++
	}
	word := r.doc[from:r.pos]
	if i, err := strconv.ParseInt(word, 10, 64); err == nil {
		return Numeral{Whole: true, Int: i}, true
	}
	f, err := strconv.ParseFloat(word, 64)
	if math.IsInf(f, 0) {
		r.over = true
	}
	return Numeral{Double: f}, err == nil
}

// Uint64 is the number cast as C++ casts it on amd64: integers keep their bits, so that -1
// is 2^64-1, and fractions are cut off. For a double beyond 64 bits C++ leaves the result
// open; here it is the largest value, and 0 below -2^63.
func (n Numeral) Uint64() uint64 {
	switch {
	case n.Whole:
		return uint64(n.Int)
	case n.Double >= 1<<64:
		return math.MaxUint64
	case n.Double >= 0:
		return uint64(n.Double)
	case n.Double >= -1<<63:
		return uint64(int64(n.Double))
	}
	return 0
}

// Uint32 is Uint64 without its high half.
func (n Numeral) Uint32() uint32 { return uint32(n.Uint64()) }

// Exact says whether Uint64 is what was written. A negative number is not, nor is any that
// became a double, even if it is whole and small (1e3): a reader of the document is to see
// that the agent computes there.
func (n Numeral) Exact() bool { return n.Whole && n.Int >= 0 }

// string reads a string from its quote on. Its bytes need not be UTF-8: the agent copies
// them, and a name with such bytes is unknown to libseccomp. Control characters are an
// error.
func (r *reader) string() (string, bool) {
	var b strings.Builder
	for r.pos++; r.pos < len(r.doc); {
		c := r.doc[r.pos]
		switch {
		case c == '"':
			r.pos++
			return b.String(), true
		case c < ' ':
			return "", false
		case c == '\\':
			if !r.escape(&b) {
				return "", false
			}
		default:
			b.WriteByte(c)
			r.pos++
		}
	}
	return "", false
}

// escape reads an escape from its backslash on: the eight letters of RFC 8259, or \uXXXX.
func (r *reader) escape(b *strings.Builder) bool {
	if r.pos+1 >= len(r.doc) {
		return false
	}
	c := r.doc[r.pos+1]
	if c == 'u' {
		return r.unicode(b)
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 {
		return false
	}
	b.WriteByte("\"\\/\b\f\n\r\t"[i])
	r.pos += 2
	return true
}

// unicode reads \uXXXX, and a second escape if the first is half of a surrogate pair. A lone
// half is an error.
func (r *reader) unicode(b *strings.Builder) bool {
	first, ok := r.hex(r.pos)
	if !ok {
		return false
	}
	r.pos += 6
	if utf16.IsSurrogate(first) {
		second, ok := r.hex(r.pos)
		pair := utf16.DecodeRune(first, second)
		if !ok || pair == utf8.RuneError {
			return false
		}
		r.pos += 6
		first = pair
	}
	b.WriteRune(first)
	return true
}

// hex returns the number in the escape \uXXXX at an offset.
func (r *reader) hex(at int) (rune, bool) {
	if at+6 > len(r.doc) || r.doc[at:at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(r.doc[at+2:at+6], 16, 16)
	return rune(n), err == nil
}

// Messages of the agent for a field that is not there or of another type.
const (
	NotFound  = "Not found"
	WrongType = "Found JSON value of wrong type"
)

// Field returns the field of a key if it has the wanted type. Otherwise the message says
// why not: NotFound with no value, or WrongType with the value that is there. Null is of
// the wrong type, as for the agent (at<T> in stout's json.hpp).
func (v *Value) Field(key string, want Kind) (*Value, string) {
	f, ok := v.Fields[key]
	switch {
	case !ok:
		return nil, NotFound
	case f.Kind != want:
		return f, WrongType
	}
	return f, ""
}

// Float64 is the number as a double.
func (n Numeral) Float64() float64 {
	if n.Whole {
		return float64(n.Int)
	}
	return n.Double
}
