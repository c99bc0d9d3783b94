// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/text"
)

// Place is where something stands in a document.
type Place struct {
	File         string // as the option File says; may be empty
	Line, Column int    // from 1, Column in bytes; 0 if not known
	Path         string // "syscalls[3].args[0].op"; empty for the whole document
}

// String is "profile.json:12:7: syscalls[3].args[0].op", without what is not known.
func (p Place) String() string {
	origin := p.origin()
	switch {
	case p.Path == "":
		return origin
	case origin == "":
		return p.Path
	}
	return origin + ": " + p.Path
}

// origin is the place without its path: "profile.json:12:7".
func (p Place) origin() string {
	if p.Line == 0 {
		return p.File
	}
	b := make([]byte, 0, len(p.File)+16)
	return string(appendOrigin(b, p.File, p.Line, p.Column))
}

func appendOrigin(b []byte, file string, line, column int) []byte {
	if file != "" {
		b = append(append(b, file...), ':')
	}
	b = strconv.AppendInt(b, int64(line), 10)
	b = append(b, ':')
	return strconv.AppendInt(b, int64(column), 10)
}

// mark is a place in the text of a document: the offset and 1, or 0 if not known.
//
// 32 bits are enough for the largest document, which is smaller than 2 GiB (Limits). A
// mark has 4 bytes where a Place has 48, and a document has very many.
type mark uint32

// marks are the places of a list's items: count of them from first in the
// source's list.
//
// A list that a program made longer has no marks for the new items: item gives 0 for
// them.
type marks struct{ first, count uint32 }

// source is the text that a profile came from.
type source struct {
	file   string
	lines  *text.Lines // nil without a text
	marks  []mark
	prefix string  // of paths: where the profile stands in a larger document
	rules  []int32 // the document's index of each rule, unless it is the same

	locate func(path string) Place // finds places where text does not have them
}

// Locate gives a profile that a program made of another document the places there.
// Find gets a path in the profile, such as "syscalls[3].args[0].op" or "" for the
// whole, also of parts that were not written, and gives the place of the part or of
// what is around it. Without it places have a path alone.
//
// Packages of other dialects call it after they make a Profile of what they read, so
// diagnostics of Resolve and Lint speak of the text that the user wrote.
func (p *Profile) Locate(find func(path string) Place) {
	if p == nil {
		return
	}
	p.source = source{locate: find}
}

// item is the place of a list's item.
//
// i may be any number: a path may come from outside.
func (s *source) item(m marks, i int) mark {
	if i < 0 || i >= int(m.count) || int(m.first)+i >= len(s.marks) {
		return 0
	}
	return s.marks[int(m.first)+i]
}

// place is a mark with its path.
func (s *source) place(m mark, path string) Place {
	if s.rules != nil {
		path = renumbered(path, s.rules)
	}
	if s.locate != nil {
		return s.locate(path)
	}
	line, column := s.position(m)
	return Place{File: s.file, Line: line, Column: column, Path: within(s.prefix, path)}
}

// rule is the document's index of a rule.
func (s *source) rule(i int) int32 {
	if i < len(s.rules) {
		return s.rules[i]
	}
	return int32(i)
}

// within is a path in what stands at another.
func within(prefix, path string) string {
	if prefix == "" || path == "" {
		return prefix + path
	}
	return prefix + "." + path
}

// renumbered is a path with the index of the rule that it begins with replaced.
//
// After Flatten, rule 3 of the profile may be rule 12 of the document.
func renumbered(path string, rules []int32) string {
	rest, ok := strings.CutPrefix(path, "syscalls[")
	digits, rest, found := strings.Cut(rest, "]")
	if i, err := strconv.Atoi(digits); ok && found && err == nil && i < len(rules) {
		return resolution.RulePath(int(rules[i])) + rest
	}
	return path
}

// position is a mark's line and column, 0 if it is not known.
func (s *source) position(m mark) (line, column int) {
	if m == 0 || s.lines == nil {
		return 0, 0
	}
	return s.lines.Position(int(m - 1))
}
