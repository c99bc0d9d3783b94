// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gosieve/sieve/profile"
)

// The line of a document stands below a message about it, with a caret under its column:
//
//	web.json:3:13: unknown system call "raed", nearest is "read"
//	    3 | {"names": ["raed"], "action": "SCMP_ACT_ALLOW"}
//	      |             ^
//
// The document is a stranger's. What stands before the bar keeps a line of it from being taken
// for a message, and characters that would steer the terminal, turn the direction of the text
// or show nothing are written out.

const (
	widestLine = 96   // columns of a line that are shown: with the margin they fit 104
	tabStop    = 4    // columns; eight would leave little of a line that is indented
	nearColumn = 2048 // bytes around the column that are looked at: a line may be 64 MiB
	cutMark    = "..."
	inside     = 2 // lines that follow where a bracket opens
)

// quoted is the line of a place and the caret, each with a newline; empty if the text or the
// line is not known. paint colours the caret.
func (in *inputs) quoted(p profile.Place, paint func(string) string) string {
	t := in.texts[p.File]
	if t == nil {
		return ""
	}
	line, ok := t.line(p.Line)
	if !ok {
		return ""
	}
	column := p.Column
	if t.places != nil {
		held, _ := t.places.line(p.Line)
		column = columnIn(line, held, p.Column)
	}
	text, caret := window(line, column)
	margin := fmt.Sprintf("%5d", p.Line)
	out := margin + " | " + text + "\n"
	if caret >= 0 {
		out += strings.Repeat(" ", len(margin)) + " | " + strings.Repeat(" ", caret) + paint("^") + "\n"
	}
	return out + t.opened(p.Line, line, column)
}

// opened is the lines that follow one that ends with the bracket at the column, as JSON is
// mostly written: what the bracket opens says more than the bracket.
func (t *inputText) opened(n int, line string, column int) string {
	if rest := strings.TrimSpace(line[min(max(column-1, 0), len(line)):]); rest != "{" && rest != "[" {
		return ""
	}
	out := ""
	for i := range inside {
		next, ok := t.line(n + 1 + i)
		if !ok || strings.Trim(next, " \t}],") == "" {
			break
		}
		text, _ := window(next, 0)
		out += fmt.Sprintf("%5d | %s\n", n+1+i, text)
	}
	return out
}

// plain paints nothing.
func plain(text string) string { return text }

// columnIn is the column of a line where the word stands that held, which was made of the
// line, has at a column: the same column where the word stands there, or the one place where
// the line has the word. It is 0, for no caret, if that is not certain.
func columnIn(line, held string, column int) int {
	if column < 1 || column > len(held) {
		return 0
	}
	word := strings.TrimLeft(held[column-1:], `"`)
	end := strings.IndexFunc(word, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	if end >= 0 {
		word = word[:end]
	}
	if word == "" { // a sign of JSON: it is in the line too, or nowhere
		if column <= len(line) && line[column-1] == held[column-1] {
			return column
		}
		return 0
	}
	if column <= len(line) && strings.HasPrefix(strings.TrimLeft(line[column-1:], `"'`), word) {
		return column
	}
	if at := strings.Index(line, word); at >= 0 && strings.Count(line, word) == 1 {
		return at + 1
	}
	return 0
}

// window is what is shown of a line, and how many columns of it stand before the caret, -1
// for none. A column behind the line is its end: something is missing there.
func window(line string, column int) (text string, caret int) {
	at := min(max(column, 0)-1, len(line))
	from, to := 0, len(line)
	if len(line) > 2*nearColumn {
		from = runeStart(line, max(0, min(at, len(line))-nearColumn))
		to = runeStart(line, min(len(line), from+2*nearColumn))
	}
	cells, under := cellsOf(line[from:to], at-from)
	if at < 0 {
		under = 0
	}
	first, last := fit(cells, under, from > 0, to < len(line))
	var b strings.Builder
	if first > 0 || from > 0 {
		b.WriteString(cutMark)
	}
	caret = b.Len()
	for i, c := range cells[first:last] {
		b.WriteString(c.text)
		if first+i < under {
			caret += c.width
		}
	}
	if last < len(cells) || to < len(line) {
		b.WriteString(cutMark)
	}
	if at < 0 {
		caret = -1
	}
	return strings.TrimRight(b.String(), " "), caret
}

// runeStart is the offset where the character begins that a byte belongs to.
func runeStart(s string, at int) int {
	for at > 0 && at < len(s) && !utf8.RuneStart(s[at]) {
		at--
	}
	return at
}

// cell is a character as it is shown, and the columns that it takes.
type cell struct {
	text  string
	width int
}

// cellsOf are the characters of a text, and the index of the one that a byte belongs to: their
// number for the end of the text.
func cellsOf(text string, at int) (cells []cell, under int) {
	under = -1
	columns := 0
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		next := shownAs(c, text[i:i+size], columns)
		if at < i+size && under < 0 {
			under = len(cells)
		}
		cells = append(cells, next)
		columns += next.width
		i += size
	}
	if under < 0 {
		under = len(cells)
	}
	return cells, under
}

// shownAs is a character that stands behind so many columns: a tab as spaces, one that shows
// nothing by its number, and a byte that is no character by its own.
func shownAs(c rune, text string, columns int) cell {
	switch {
	case c == '\t':
		n := tabStop - columns%tabStop
		return cell{strings.Repeat(" ", n), n}
	case c == utf8.RuneError && len(text) == 1:
		text = fmt.Sprintf(`\x%02x`, text[0])
		return cell{text, len(text)}
	case !strconv.IsPrint(c):
		text = escaped(c)
		return cell{text, len(text)}
	case unicode.In(c, unicode.Mn, unicode.Me):
		return cell{text, 0} // stands on the character before it
	case wide(c):
		return cell{text, 2}
	}
	return cell{text, 1}
}

// fit is the part of the cells that is shown: all, or as many as there is room for, with the
// one at the caret among them and more in front of it than behind.
func fit(cells []cell, under int, cutBefore, cutBehind bool) (first, last int) {
	total := 0
	for _, c := range cells {
		total += c.width
	}
	if total <= widestLine && !cutBefore && !cutBehind {
		return 0, len(cells)
	}
	room := widestLine - 2*len(cutMark)
	first, last = under, under
	take := func(c cell) bool {
		room -= c.width
		return room >= 0
	}
	for before := room * 2 / 3; first > 0 && before >= cells[first-1].width && take(cells[first-1]); first-- {
		before -= cells[first-1].width
	}
	for last < len(cells) && take(cells[last]) {
		last++
	}
	if last == len(cells) { // there is room left in front
		for first > 0 && take(cells[first-1]) {
			first--
		}
	}
	return first, last
}

// wide says whether terminals give a character two columns: those of East Asian writing and
// pictures (Unicode's East_Asian_Width W and F, by blocks).
func wide(c rune) bool {
	if c < 0x1100 {
		return false
	}
	for _, r := range [...][2]rune{
		{0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf}, {0x4e00, 0xa4cf}, {0xa960, 0xa97f}, {0xac00, 0xd7a3},
		{0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
	} {
		if r[0] <= c && c <= r[1] {
			return true
		}
	}
	return false
}
