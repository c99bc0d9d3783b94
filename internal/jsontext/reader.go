// SPDX-License-Identifier: Apache-2.0

package jsontext

import (
	"strings"

	"github.com/gosieve/sieve/internal/text"
)

// Reader reads a text from front to back, once. Init begins, End finishes.
//
// A Reader must not be copied after Init: its path lies in it. The caller asks for values
// in the order in which they stand, and reads or skips every one of them: after Key or Item
// the reader stands at a value, and the next Key or Item wants that value gone.
//
// Strings that it gives are parts of the text, without a copy, unless they have escapes.
// They keep the whole text in memory as long as they live.
type Reader struct {
	text string
	at   int      // offset of what comes next
	most int      // how deep lists and objects may nest
	path []step   // one for each list and object that is open, and for each Enter
	err  *Error   // the first error, or stopped
	some [16]step // room for most paths
}

// Init begins to read a text, in which lists and objects nest at most depth deep, and
// refuses one that begins with a byte order mark or is not UTF-8. The depth bounds the
// stack of callers that recurse. The UTF-8 of the whole text is checked here, once, so that
// reading strings need not look at it.
func (r *Reader) Init(doc string, depth int) {
	r.text, r.at, r.most, r.err = doc, 0, depth, nil
	r.path = r.some[:0]
	if at, message := text.Check(doc); message != "" {
		r.syntax(at, "%s", message)
	}
	r.space()
}

// End refuses anything that follows the value.
func (r *Reader) End() {
	if r.Peek(); r.err == nil && r.at < len(r.text) {
		r.Unexpected("the end: the document is one object")
	}
}

// Ahead is a reader of the same text that begins where r is, with an empty path. It is
// for looking ahead: r stays where it is.
func (r *Reader) Ahead() *Reader {
	ahead := &Reader{text: r.text, at: r.at, most: r.most, err: r.err}
	ahead.path = ahead.some[:0]
	return ahead
}

// Text is the text that is read.
func (r *Reader) Text() string { return r.text }

// At is the offset of what comes next. Behind Init, Key, Item and Peek it is where a value
// begins, if there is one: white space has been passed.
func (r *Reader) At() int { return r.at }

// space skips white space: the four characters of RFC 8259, section 2.
func (r *Reader) space() {
	const white uint64 = 1<<' ' | 1<<'\n' | 1<<'\t' | 1<<'\r'
	text, at := r.text, r.at
	for at < len(text) && text[at] <= ' ' && white>>text[at]&1 != 0 {
		at++
	}
	r.at = at
}

// Peek is the next byte after white space, 0 at the end or after an error.
func (r *Reader) Peek() byte {
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

// Want checks that the next value is of a kind, and says otherwise that it wants what.
// Of a wrong value that is no JSON either, the error is about the JSON.
func (r *Reader) Want(kind Kind, what string) bool {
	c := r.Peek()
	return c == byte(kind) || r.wanted(c, kind, what)
}

// wanted is Want for a value that begins with another byte than its kind is called by.
func (r *Reader) wanted(c byte, kind Kind, what string) bool {
	got := KindOf(c)
	switch {
	case r.err != nil:
		return false
	case got == kind:
		return true
	case got == None:
		r.Unexpected(what)
		return false
	}
	at := r.at
	r.Skip()
	r.fail(WrongType, at, "got %v, want %s", got, what)
	return false
}

// ReadNull skips a null, if there is one.
func (r *Reader) ReadNull() bool {
	if r.Peek() != 'n' {
		return false
	}
	r.literal("null")
	return r.err == nil
}

// literal skips a word whose first letter is known to stand here. An error is about the
// first letter that differs.
func (r *Reader) literal(word string) {
	if !strings.HasPrefix(r.text[r.at:], word) {
		for i := 0; i < len(word) && r.at < len(r.text) && r.text[r.at] == word[i]; i++ {
			r.at++
		}
		r.Unexpected(word)
		return
	}
	r.at += len(word)
}

// Skip reads any value and forgets it. It refuses the same texts as reading the value does,
// and keys that are there twice as well, at any depth.
func (r *Reader) Skip() {
	c := r.Peek()
	if r.err != nil {
		return
	}
	switch KindOf(c) {
	case Object:
		var keys KeySet
		o := r.Object("an object")
		for r.Key(&o) {
			if !keys.Add(o.Key) {
				r.Twice(o.Key, o.KeyAt)
				return
			}
			r.Skip()
		}
	case List:
		r.List("a list")
		for r.Item() {
			r.Skip()
		}
	case String:
		r.scan()
	case Number:
		r.number()
	case Boolean:
		r.boolean(c)
	case Null:
		r.literal("null")
	default:
		r.Unexpected("a value")
	}
}

// boolean skips the boolean that begins with c.
func (r *Reader) boolean(c byte) {
	if c == 't' {
		r.literal("true")
	} else {
		r.literal("false")
	}
}
