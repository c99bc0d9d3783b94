// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// ReadString reads a string and returns its characters.
func (r *Reader) ReadString() string {
	if r.Peek() == '"' || r.Want(String, "a string") {
		return r.scan()
	}
	return ""
}

// scan reads a string whose quote stands here. Most strings have no escape, and are a part
// of the text. The cases are in the order of how often they come up.
func (r *Reader) scan() string {
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
	return r.unended()
}

// unended refuses a string that the text ends in. The place is the end of the text, since
// nothing says which quote is missing.
func (r *Reader) unended() string {
	r.at = len(r.text)
	r.Unexpected("the end of a string")
	return ""
}

// escaped reads a string that begins at from and has its first escape at i. It makes a copy
// as long as the text up to there, and a little.
func (r *Reader) escaped(from, i int) string {
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
	return r.unended()
}

// escape appends what the escape at i stands for, and returns where the text goes on. It is
// false for an escape that JSON does not have, after an error.
func (r *Reader) escape(b []byte, i int) ([]byte, int, bool) {
	if i+1 >= len(r.text) {
		r.unended()
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
		// encoding/json reads U+FFFD here: two names that differ would become one.
		r.syntax(i, "half of a surrogate pair: %s", r.text[i:i+6])
		return b, i, false
	}
	return utf8.AppendRune(b, u), i + 6, true
}

// hex is the number in the escape \uXXXX at i. ParseUint takes no sign and, with a base given,
// no underscore, so only hexadecimal digits pass.
func (r *Reader) hex(i int) (rune, bool) {
	if i+6 <= len(r.text) {
		if u, err := strconv.ParseUint(r.text[i+2:i+6], 16, 16); err == nil {
			return rune(u), true
		}
	}
	r.syntax(i, `incomplete escape in a string, want \u and four hexadecimal digits`)
	return 0, false
}
