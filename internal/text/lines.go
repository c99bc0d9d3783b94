// SPDX-License-Identifier: Apache-2.0

package text

import (
	"strings"
	"sync"
)

// Lines finds the line and column of offsets in a text.
//
// The first question scans the text once and keeps a point every stride bytes, so that
// any later question looks at fewer than stride bytes. A text about which nobody asks
// costs nothing, and a text of newlines alone costs no more memory than any other. Lines
// may be asked by several goroutines at once.
type Lines struct {
	text   string
	once   sync.Once
	points []point // points[i] is at i*stride
}

// point is how many lines end before an offset, and where its line begins.
type point struct{ line, start int }

// stride is how far apart points are, in bytes: 16 bytes of memory for each 512 of text.
// A profile's line has 20 to 40 bytes.
const stride = 512

// NewLines is the lines of a text.
func NewLines(text string) *Lines { return &Lines{text: text} }

// Position is the line and the column of an offset from 0 to the length of the text.
// Both count from 1, columns in bytes. A line ends behind its newline.
func (l *Lines) Position(at int) (line, column int) {
	l.once.Do(l.index)
	i := at / stride
	p := l.points[i].pass(l.text, i*stride, at)
	return p.line + 1, at - p.start + 1
}

// index finds the points.
func (l *Lines) index() {
	l.points = make([]point, 1, len(l.text)/stride+1)
	for at := stride; at <= len(l.text); at += stride {
		l.points = append(l.points, l.points[len(l.points)-1].pass(l.text, at-stride, at))
	}
}

// pass is the point at an offset behind that of p.
func (p point) pass(text string, from, to int) point {
	passed := text[from:to]
	if n := strings.Count(passed, "\n"); n > 0 {
		return point{p.line + n, from + strings.LastIndexByte(passed, '\n') + 1}
	}
	return p
}
