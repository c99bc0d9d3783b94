// SPDX-License-Identifier: Apache-2.0

package document

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/profile"
)

// Text is a document and where its lines begin.
type Text struct {
	File   string
	Text   string
	starts []int
}

// NewText is a text of that name.
func NewText(file, text string) *Text {
	t := &Text{File: file, Text: text, starts: []int{0}}
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '\n')
		if i < 0 {
			return t
		}
		at += i + 1
		t.starts = append(t.starts, at)
	}
}

// Place is the place of an offset. One that is negative is that of no text: only
// the file and the path are known.
func (t *Text) Place(at int, path string) profile.Place {
	if at < 0 {
		return profile.Place{File: t.File, Path: path}
	}
	line := sort.SearchInts(t.starts, at+1)
	return profile.Place{File: t.File, Line: line, Column: at - t.starts[line-1] + 1, Path: path}
}

// Open reads the options and makes a Text of a document, and refuses one that is
// too large, has a byte order mark or is not UTF-8.
func Open(doc []byte, opts ...profile.ParseOption) (*Text, *Notes, options.Options, error) {
	o := options.Of(opts...)
	if len(doc) > o.Size {
		return nil, nil, o, Fail(profile.ErrLimit, "too-large", profile.Place{File: o.File},
			"the document has %d bytes, more than %d", len(doc), o.Size)
	}
	t := NewText(o.File, string(doc))
	if err := t.check(); err != nil {
		return nil, nil, o, err
	}
	return t, &Notes{Strict: o.Strict}, o, nil
}

// check refuses what no dialect takes.
func (t *Text) check() error {
	if strings.HasPrefix(t.Text, "\ufeff") {
		return Fail(profile.ErrSyntax, "syntax", t.Place(0, ""), "byte order mark: want UTF-8 without one")
	}
	if utf8.ValidString(t.Text) {
		return nil
	}
	at := 0
	for {
		c, size := utf8.DecodeRuneInString(t.Text[at:])
		if c == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return Fail(profile.ErrSyntax, "syntax", t.Place(at, ""), "invalid UTF-8: byte %#02x", t.Text[at])
}

// Clip keeps a value that someone else wrote from filling a message.
func Clip(s string) string {
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
