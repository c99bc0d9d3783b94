// SPDX-License-Identifier: Apache-2.0

package document

import (
	"github.com/gosieve/sieve/internal/options"
	"github.com/gosieve/sieve/internal/text"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// Text is a document and its name. It does not change, so goroutines may share one.
type Text struct {
	File  string
	Text  string
	lines *text.Lines
}

// NewText returns a text of that name. The first Place finds the lines, for all later ones.
func NewText(file, doc string) *Text { return &Text{File: file, Text: doc, lines: text.NewLines(doc)} }

// Place is the place of an offset. A negative offset stands for no place in the text: the
// place then has the file and the path alone.
func (t *Text) Place(at int, path string) profile.Place {
	if at < 0 {
		return profile.Place{File: t.File, Path: path}
	}
	line, column := t.lines.Position(at)
	return profile.Place{File: t.File, Line: line, Column: column, Path: path}
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
	if at, message := text.Check(t.Text); message != "" {
		return nil, nil, o, Fail(profile.ErrSyntax, "syntax", t.Place(at, ""), "%s", message)
	}
	return t, &Notes{Strict: o.Strict}, o, nil
}

// Origin is a place as the origin of a rule.
func Origin(p profile.Place) seccomp.Origin {
	return seccomp.Origin{File: p.File, Line: p.Line, Column: p.Column, Path: p.Path}
}
