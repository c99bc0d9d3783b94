// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// kind is a JSON type.
type kind uint8

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// value is a JSON value and where it begins.
type value struct {
	kind   kind
	at     int
	truth  bool
	num    numeral
	text   string
	items  []*value
	fields map[string]*value
}

// numeral is a number as picojson has it: an integer that fits into 64 bits with
// sign, or else a double.
type numeral struct {
	whole bool
	i     int64
	f     float64
}

// deepest is how many lists and objects the agent's reader takes one within the
// other.
const deepest = 200

// space is what may stand between values.
const space = " \t\n\r"

// reader reads JSON as picojson does. That is lenient in places: "01" and "1." are
// numbers, strings may hold any bytes but control characters, and of a key that is
// there twice the last counts.
type reader struct {
	doc  string
	pos  int
	over bool // a number is beyond a double
}

// read reads a document. The message is the agent's, and at is where it stopped.
func read(doc string) (v *value, message string, at int) {
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

// syntax is the message for where the reader stopped.
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

func (r *reader) skip() {
	for r.pos < len(r.doc) && strings.IndexByte(space, r.doc[r.pos]) >= 0 {
		r.pos++
	}
}

// take passes the text if it comes next, after white space.
func (r *reader) take(s string) bool {
	r.skip()
	if !strings.HasPrefix(r.doc[r.pos:], s) {
		return false
	}
	r.pos += len(s)
	return true
}

func (r *reader) value(depth int) (*value, bool) {
	r.skip()
	if r.pos >= len(r.doc) {
		return nil, false
	}
	v := &value{at: r.pos}
	ok := false
	switch c := r.doc[r.pos]; {
	case c == 'n':
		ok = r.take("null")
	case c == 't':
		v.kind, v.truth = boolean, true
		ok = r.take("true")
	case c == 'f':
		v.kind = boolean
		ok = r.take("false")
	case c == '"':
		v.kind = text
		v.text, ok = r.string()
	case c == '[':
		ok = depth < deepest && r.list(v, depth)
	case c == '{':
		ok = depth < deepest && r.object(v, depth)
	case c == '-' || c >= '0' && c <= '9':
		v.kind = number
		v.num, ok = r.number()
	}
	return v, ok
}

func (r *reader) list(v *value, depth int) bool {
	v.kind = list
	r.pos++
	if r.take("]") {
		return true
	}
	for {
		item, ok := r.value(depth + 1)
		if !ok {
			return false
		}
		v.items = append(v.items, item)
		if !r.take(",") {
			return r.take("]")
		}
	}
}

func (r *reader) object(v *value, depth int) bool {
	v.kind, v.fields = object, map[string]*value{}
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
		v.fields[key] = item
		if !r.take(",") {
			return r.take("}")
		}
	}
}

// number reads all characters that a number may have, and then what they say.
func (r *reader) number() (numeral, bool) {
	from := r.pos
	for r.pos < len(r.doc) && strings.IndexByte("0123456789+-.eE", r.doc[r.pos]) >= 0 {
		r.pos++
	}
	word := r.doc[from:r.pos]
	if i, err := strconv.ParseInt(word, 10, 64); err == nil {
		return numeral{whole: true, i: i}, true
	}
	f, err := strconv.ParseFloat(word, 64)
	if math.IsInf(f, 0) {
		r.over = true
	}
	return numeral{f: f}, err == nil
}

// uint64 is the number cast as C++ casts it on amd64: integers keep their bits,
// fractions are cut off. Beyond 64 bits C++ leaves it open; here the largest value
// counts, and 0 below -2^63.
func (n numeral) uint64() uint64 {
	switch {
	case n.whole:
		return uint64(n.i)
	case n.f >= 1<<64:
		return math.MaxUint64
	case n.f >= 0:
		return uint64(n.f)
	case n.f >= -1<<63:
		return uint64(int64(n.f))
	}
	return 0
}

func (n numeral) uint32() uint32 { return uint32(n.uint64()) }

// exact says whether the cast keeps what was written.
func (n numeral) exact() bool { return n.whole && n.i >= 0 }

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

// escape reads what a backslash begins.
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

// unicode reads a \u, and a second where the first is half of a pair.
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

func (r *reader) hex(at int) (rune, bool) {
	if at+6 > len(r.doc) || r.doc[at:at+2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(r.doc[at+2:at+6], 16, 16)
	return rune(n), err == nil
}

// Messages of the agent for a field that is not there or of another type.
const (
	notFound  = "Not found"
	wrongType = "Found JSON value of wrong type"
)

// field is a field of the wanted type. Without one, the message says why.
func (v *value) field(key string, want kind) (*value, string) {
	f, ok := v.fields[key]
	switch {
	case !ok:
		return nil, notFound
	case f.kind != want:
		return f, wrongType
	}
	return f, ""
}
