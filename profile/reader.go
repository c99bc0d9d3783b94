// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// reader reads JSON (RFC 8259) from front to back, once. After the first error
// every method returns at once, with a zero value; the caller asks for it at the end.
// Strings are parts of the text, without a copy, unless they have escapes.
type reader struct {
	text     string
	at       int
	maxDepth int
	path     []step
	err      *Error
	kept     []*Error // after which reading goes on
	numbers  int      // how many of them are numbers, in whose place 0 was read
	strict   bool
	file     string
	warnings []Diagnostic
	dropped  int // warnings beyond maxWarnings
	cursor   cursor
}

// step is a part of a path: a key, or an index if that is not negative.
type step struct {
	key   string
	index int
}

// maxWarnings bounds what a document can make the reader keep.
const maxWarnings = 1000

// begin checks what concerns the text as a whole.
func (r *reader) begin() {
	if strings.HasPrefix(r.text, "\ufeff") {
		r.syntax(0, "byte order mark: want UTF-8 without one")
		return
	}
	if !utf8.ValidString(r.text) {
		at := 0
		for at < len(r.text) {
			c, size := utf8.DecodeRuneInString(r.text[at:])
			if c == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		r.syntax(at, "invalid UTF-8: byte %#02x", r.text[at])
	}
}

// end checks that nothing follows.
func (r *reader) end() {
	if r.space(); r.err == nil && r.at < len(r.text) {
		r.unexpected("the end: the document is one object")
	}
}

func (r *reader) fail(kind error, code Code, at int, format string, args ...any) {
	if r.err != nil {
		return
	}
	r.err = r.failure(kind, code, at, format, args...)
}

func (r *reader) failure(kind error, code Code, at int, format string, args ...any) *Error {
	return &Error{Diagnostic: Diagnostic{Severity: Failure, Code: code, Message: fmt.Sprintf(format, args...), Place: r.place(at)}, kind: kind}
}

func (r *reader) syntax(at int, format string, args ...any) {
	r.fail(ErrSyntax, "syntax", at, format, args...)
}

// wrong refuses a value that is no part of a profile.
func (r *reader) wrong(code Code, at int, format string, args ...any) {
	r.fail(ErrProfile, code, at, format, args...)
}

func (r *reader) warn(code Code, at int, fix, format string, args ...any) {
	if r.err != nil {
		return
	}
	if r.strict {
		e := r.failure(ErrProfile, code, at, format, args...)
		e.Fix = fix
		r.keep(e)
		return
	}
	if len(r.warnings) >= maxWarnings {
		r.dropped++
		return
	}
	r.warnings = append(r.warnings, Diagnostic{Severity: Warning, Code: code, Message: fmt.Sprintf(format, args...), Place: r.place(at), Fix: fix})
}

// place is an offset with the path of what is being read.
func (r *reader) place(at int) Place {
	line, column := r.cursor.position(r.text, at)
	return Place{File: r.file, Line: line, Column: column, Path: r.pathString()}
}

func (r *reader) pathString() string {
	var b []byte
	for _, s := range r.path {
		switch {
		case s.index >= 0:
			b = strconv.AppendInt(append(b, '['), int64(s.index), 10)
			b = append(b, ']')
		case s.key != "":
			if len(b) > 0 {
				b = append(b, '.')
			}
			b = appendKey(b, s.key)
		}
	}
	return string(b)
}

// appendKey appends a key, in quotes if it would be misread without.
func appendKey(b []byte, key string) []byte {
	for _, c := range key {
		if c != '_' && c != '-' && c != '$' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return strconv.AppendQuote(b, clip(key))
		}
	}
	return append(b, clip(key)...)
}

// clip keeps a value that someone else wrote from filling an error message.
func clip(s string) string {
	const most = 64
	if len(s) <= most {
		return s
	}
	s = s[:most]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "..."
}

// space skips white space.
func (r *reader) space() {
	const white uint64 = 1<<' ' | 1<<'\n' | 1<<'\t' | 1<<'\r'
	text, at := r.text, r.at
	for at < len(text) && text[at] <= ' ' && white>>text[at]&1 != 0 {
		at++
	}
	r.at = at
}

// unexpected refuses what stands here.
func (r *reader) unexpected(want string) {
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

// peek is the next byte after white space, 0 at the end or after an error.
func (r *reader) peek() byte {
	if r.err != nil {
		return 0
	}
	if r.at < len(r.text) && r.text[r.at] > ' ' {
		return r.text[r.at]
	}
	r.space()
	if r.at >= len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// kind names the value that begins with c, for errors.
func kind(c byte) string {
	switch {
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return "a string"
	case c == 't' || c == 'f':
		return "a boolean"
	case c == 'n':
		return "null"
	case c == '-' || '0' <= c && c <= '9':
		return "a number"
	}
	return ""
}

// want checks that a value begins with c, and says otherwise that it wants what.
func (r *reader) want(c byte, what string) bool {
	got := r.peek()
	if r.err != nil {
		return false
	}
	if got == c {
		return true
	}
	if k := kind(got); k != "" {
		at := r.at
		r.skip() // a syntax error comes first
		r.wrong("wrong-type", at, "got %s, want %s", k, what)
	} else {
		r.unexpected(what)
	}
	return false
}

// null skips a null, if there is one.
func (r *reader) null() bool {
	if r.peek() != 'n' {
		return false
	}
	r.literal("null")
	return r.err == nil
}

func (r *reader) literal(word string) {
	if !strings.HasPrefix(r.text[r.at:], word) {
		for i := 0; i < len(word) && r.at < len(r.text) && r.text[r.at] == word[i]; i++ {
			r.at++
		}
		r.unexpected(word)
		return
	}
	r.at += len(word)
}

// nest enters an object or a list.
func (r *reader) nest(s step) {
	if len(r.path) >= r.maxDepth {
		r.fail(ErrLimit, "too-deep", r.at, "nested deeper than %d", r.maxDepth)
		return
	}
	r.path = append(r.path, s)
	r.at++
}

// object is an object being read. Its fields are found by index in names, which
// has at most 32.
type object struct {
	names []string
	field int // index of the field whose value comes next
	keyAt int
	seen  uint32
	other keySet
	count int
}

func (r *reader) object(names []string) object {
	if r.want('{', "an object") {
		r.nest(step{index: -1})
	}
	return object{names: names}
}

// next comes to the next field that is known, and skips others with a warning.
func (r *reader) next(o *object) bool {
	for r.key(o) {
		key := r.path[len(r.path)-1].key
		i, exact := find(o.names, key)
		if i < 0 {
			r.unknown(o, key)
			continue
		}
		if o.seen&(1<<i) != 0 {
			r.wrong("duplicate-key", o.keyAt, "key %q is there twice", o.names[i])
			return false
		}
		o.seen |= 1 << i
		if !exact {
			r.warn("key-case", o.keyAt, "write "+strconv.Quote(o.names[i]),
				"key %q is read as %q", key, o.names[i])
		}
		o.field = i
		return r.err == nil
	}
	return false
}

// find is the index of the name that key is, but for case as Go's reader sees
// it; -1 if there is none.
func find(names []string, key string) (i int, exact bool) {
	for i, name := range names {
		if name == key {
			return i, true
		}
	}
	for i, name := range names {
		if strings.EqualFold(name, key) {
			return i, false
		}
	}
	return -1, false
}

// unknown skips a field that is not one of the object's names.
func (r *reader) unknown(o *object, key string) {
	if !o.other.add(key) {
		r.wrong("duplicate-key", o.keyAt, "key %q is there twice", clip(key))
		return
	}
	at := o.keyAt
	near := ""
	if len(r.warnings) < maxWarnings {
		near = Nearest(key, o.names)
	}
	r.skip()
	if near != "" {
		r.warn("unknown-key", at, "write "+strconv.Quote(near), "unknown key %q, nearest is %q", clip(key), near)
	} else {
		r.warn("unknown-key", at, "remove it", "unknown key %q", clip(key))
	}
}

// key reads a key and its colon, or the object's end.
func (r *reader) key(o *object) bool {
	c := r.peek()
	if r.err != nil {
		return false
	}
	top := &r.path[len(r.path)-1]
	if c == '}' {
		r.at++
		r.path = r.path[:len(r.path)-1]
		return false
	}
	if o.count > 0 {
		top.key = ""
		if c != ',' {
			r.unexpected("a comma or the end of the object")
			return false
		}
		r.at++
		if c = r.peek(); c == '}' {
			r.unexpected("a key after the comma")
			return false
		}
	}
	if c != '"' {
		r.unexpected("a key in quotes")
		return false
	}
	o.count++
	o.keyAt = r.at
	key := r.scan()
	if c = r.peek(); c != ':' {
		r.unexpected("a colon after the key")
		return false
	}
	r.at++
	top.key = key
	return true
}

// list begins a list.
func (r *reader) list() {
	if r.want('[', "a list") {
		r.nest(step{index: -1})
	}
}

// item comes to the list's next value, or leaves the list at its end.
func (r *reader) item() bool {
	c := r.peek()
	if r.err != nil {
		return false
	}
	top := &r.path[len(r.path)-1]
	if c == ']' {
		r.at++
		r.path = r.path[:len(r.path)-1]
		return false
	}
	if top.index >= 0 {
		if c != ',' {
			r.unexpected("a comma or the end of the list")
			return false
		}
		r.at++
		if r.peek() == ']' {
			r.unexpected("a value after the comma")
			return false
		}
	}
	top.index++
	return true
}

// string reads a string.
func (r *reader) string() string {
	if !r.want('"', "a string") {
		return ""
	}
	return r.scan()
}

// scan reads a string whose quote stands here.
func (r *reader) scan() string {
	text, from := r.text, r.at+1
	for i := from; i < len(text); i++ {
		switch c := text[i]; {
		case c > '"' && c != '\\':
		case c == '"':
			r.at = i + 1
			return text[from:i]
		case c == '\\':
			return r.escaped(from, i)
		case c < ' ':
			r.syntax(i, "control character %#02x in a string, want it escaped", c)
			return ""
		}
	}
	r.at = len(r.text)
	r.unexpected("the end of a string")
	return ""
}

// escaped reads a string that begins at from and has its first escape at i.
func (r *reader) escaped(from, i int) string {
	b := append(make([]byte, 0, i-from+16), r.text[from:i]...)
	for i < len(r.text) {
		switch c := r.text[i]; {
		case c == '"':
			r.at = i + 1
			return string(b)
		case c < ' ':
			r.syntax(i, "control character %#02x in a string, want it escaped", c)
			return ""
		case c != '\\':
			b = append(b, c)
			i++
		default:
			var ok bool
			if b, i, ok = r.escape(b, i); !ok {
				return ""
			}
		}
	}
	r.at = len(r.text)
	r.unexpected("the end of a string")
	return ""
}

// escape appends what the escape at i stands for, and is where the text goes on.
func (r *reader) escape(b []byte, i int) ([]byte, int, bool) {
	if i+1 >= len(r.text) {
		r.at = len(r.text)
		r.unexpected("the end of a string")
		return b, i, false
	}
	const from, to = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	c := r.text[i+1]
	if k := strings.IndexByte(from, c); k >= 0 {
		return append(b, to[k]), i + 2, true
	}
	if c != 'u' {
		r.syntax(i, "unknown escape in a string: a backslash before %q", c)
		return b, i, false
	}
	u, ok := r.hex(i)
	if !ok {
		return b, i, false
	}
	switch {
	case u >= 0xd800 && u < 0xdc00: // first half of a surrogate pair
		if strings.HasPrefix(r.text[i+6:], `\u`) {
			low, ok := r.hex(i + 6)
			if !ok {
				return b, i, false
			}
			if low >= 0xdc00 && low < 0xe000 {
				return utf8.AppendRune(b, 0x10000+(u-0xd800)<<10+(low-0xdc00)), i + 12, true
			}
		}
		fallthrough
	case u >= 0xdc00 && u < 0xe000:
		r.syntax(i, "half of a surrogate pair: %s", r.text[i:i+6])
		return b, i, false
	}
	return utf8.AppendRune(b, u), i + 6, true
}

// hex is the number in the escape \uXXXX at i.
func (r *reader) hex(i int) (rune, bool) {
	if i+6 <= len(r.text) {
		if u, err := strconv.ParseUint(r.text[i+2:i+6], 16, 16); err == nil {
			return rune(u), true
		}
	}
	r.syntax(i, `incomplete escape in a string, want \u and four hexadecimal digits`)
	return 0, false
}

// uint reads a whole number from 0 to most.
func (r *reader) uint(most uint64) uint64 {
	c := r.peek()
	if r.err != nil {
		return 0
	}
	if c != '-' && (c < '0' || c > '9') {
		r.want('0', "a number")
		return 0
	}
	at := r.at
	whole := r.number()
	if r.err != nil {
		return 0
	}
	text := r.text[at:r.at]
	if !whole || c == '-' {
		r.badNumber(at, "%s: want a whole number from 0 to %d, without sign, fraction and exponent", clip(text), most)
		return 0
	}
	n := uint64(0)
	for i := range len(text) {
		digit := uint64(text[i] - '0')
		if n > math.MaxUint64/10 || n*10 > math.MaxUint64-digit || n*10+digit > most {
			r.badNumber(at, "%s is too large, want 0 to %d", clip(text), most)
			return 0
		}
		n = n*10 + digit
	}
	return n
}

// number skips a number, and says whether it has neither fraction nor exponent.
func (r *reader) number() (whole bool) {
	if r.text[r.at] == '-' {
		r.at++
	}
	first := r.at
	if !r.digits() {
		return false
	}
	if r.text[first] == '0' && r.at > first+1 {
		r.syntax(first, "number with a leading zero")
		return false
	}
	whole = true
	if r.at < len(r.text) && r.text[r.at] == '.' {
		r.at++
		whole = false
		if !r.digits() {
			return false
		}
	}
	if r.at < len(r.text) && r.text[r.at]|0x20 == 'e' {
		r.at++
		whole = false
		if r.at < len(r.text) && (r.text[r.at] == '+' || r.text[r.at] == '-') {
			r.at++
		}
		return r.digits() && whole
	}
	return whole
}

// digits skips digits, of which there must be one.
func (r *reader) digits() bool {
	from := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	if r.at == from {
		r.unexpected("a digit")
	}
	return r.at > from
}

// skip reads any value and forgets it.
func (r *reader) skip() {
	switch c := r.peek(); {
	case r.err != nil:
	case c == '{':
		var keys keySet
		o := r.object(nil)
		for r.key(&o) {
			if key := r.path[len(r.path)-1].key; !keys.add(key) {
				r.wrong("duplicate-key", o.keyAt, "key %q is there twice", clip(key))
				return
			}
			r.skip()
		}
	case c == '[':
		r.list()
		for r.err == nil && r.item() {
			r.skip()
		}
	case c == '"':
		r.scan()
	case c == 't':
		r.literal("true")
	case c == 'f':
		r.literal("false")
	case c == 'n':
		r.literal("null")
	case kind(c) != "":
		r.number()
	default:
		r.unexpected("a value")
	}
}

// keySet tells keys that were there before.
type keySet struct {
	few  []string
	many map[string]struct{}
}

// add adds a key and says whether it is new.
func (s *keySet) add(key string) bool {
	if s.many != nil {
		if _, ok := s.many[key]; ok {
			return false
		}
		s.many[key] = struct{}{}
		return true
	}
	for _, k := range s.few {
		if k == key {
			return false
		}
	}
	if s.few = append(s.few, key); len(s.few) > 16 {
		s.many = make(map[string]struct{}, 2*len(s.few))
		for _, k := range s.few {
			s.many[k] = struct{}{}
		}
	}
	return true
}
