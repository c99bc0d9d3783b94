// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/resolution"
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
type mark uint32

// marks are the places of a list's items: count of them from first in the
// source's list.
type marks struct{ first, count uint32 }

// source is the text that a profile came from.
type source struct {
	file   string
	text   string
	marks  []mark
	prefix string  // of paths: where the profile stands in a larger document
	rules  []int32 // the document's index of each rule, unless it is the same

	locate func(path string) Place // finds places where text does not have them
}

// Locate gives a profile that a program made of another document the places there.
// Find gets a path in the profile, such as "syscalls[3].args[0].op" or "" for the
// whole, also of parts that were not written, and gives the place of the part or of
// what is around it. Without it places have a path alone.
func (p *Profile) Locate(find func(path string) Place) {
	if p == nil {
		return
	}
	p.source = source{locate: find}
}

// item is the place of a list's item.
func (s *source) item(m marks, i int) mark {
	if i < 0 || i >= int(m.count) || int(m.first)+i >= len(s.marks) {
		return 0
	}
	return s.marks[int(m.first)+i]
}

// place is a mark with its path.
func (s *source) place(m mark, path string, c *cursor) Place {
	if s.rules != nil {
		path = renumbered(path, s.rules)
	}
	if s.locate != nil {
		return s.locate(path)
	}
	line, column := s.position(m, c)
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
func renumbered(path string, rules []int32) string {
	rest, ok := strings.CutPrefix(path, "syscalls[")
	digits, rest, found := strings.Cut(rest, "]")
	if i, err := strconv.Atoi(digits); ok && found && err == nil && i < len(rules) {
		return resolution.RulePath(int(rules[i])) + rest
	}
	return path
}

// position is a mark's line and column, 0 if it is not known.
func (s *source) position(m mark, c *cursor) (line, column int) {
	if m == 0 || int(m) > len(s.text)+1 {
		return 0, 0
	}
	return c.position(s.text, int(m-1))
}

// cursor is a place whose line is known, from which lines are counted on: places
// are asked for mostly in their order. The zero cursor is the beginning. Every
// stride bytes it leaves a point to go back to, so that any order is cheap. It is
// for one text.
type cursor struct {
	point
	points []point // points[i] is at i*stride
}

// point is an offset, how many lines end before it, and where its line starts.
type point struct{ at, line, start int }

const stride = 8 << 10

func (c *cursor) position(text string, at int) (line, column int) {
	if at < c.at {
		c.point = point{}
		if i := at / stride; i < len(c.points) {
			c.point = c.points[i]
		}
	}
	for {
		if next := len(c.points) * stride; next == c.at {
			c.points = append(c.points, c.point)
		} else if next > at {
			break
		} else {
			c.pass(text, next)
		}
	}
	return c.pass(text, at)
}

// pass goes on to an offset.
func (c *cursor) pass(text string, at int) (line, column int) {
	passed := text[c.at:at]
	if n := strings.Count(passed, "\n"); n > 0 {
		c.line += n
		c.start = c.at + strings.LastIndexByte(passed, '\n') + 1
	}
	c.at = at
	return c.line + 1, at - c.start + 1
}
