// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile"
)

// inputs are the texts that a run has read, by their names in places. Messages show lines of
// them (caret.go), long after the reader that found the mistake has returned.
type inputs struct {
	texts map[string]*inputText
	told  map[string]bool // files whose dialect was said (tellDialect)
	stdin bool            // standard input was read: a second reader would find it empty
}

// inputText is a text and where its lines begin.
type inputText struct {
	text   string
	lines  []int      // found when a line is asked for
	places *inputText // the text whose columns places have, nil for this one
}

// inputsOf are the texts of this run.
func inputsOf(cmd *cli.Command) *inputs {
	root := cmd.Root()
	if _, ok := root.State.(*inputs); !ok {
		root.State = &inputs{texts: map[string]*inputText{}, told: map[string]bool{}}
	}
	return root.State.(*inputs)
}

// keep remembers a text. Of two that have one name (Docker's default profile and a file that
// is called as it is in places) no line is shown: it could be the other's.
func (in *inputs) keep(name string, text []byte) {
	if old := in.texts[name]; old != nil && old.text != string(text) {
		in.texts[name] = &inputText{}
		return
	}
	in.texts[name] = &inputText{text: string(text)}
}

// replace is keep for a text that was changed: places are in the new one.
func (in *inputs) replace(name string, text []byte) { in.texts[name] = &inputText{text: string(text)} }

// keepHeld says that a profile was read inside a text: places have the text's lines, but
// columns in what was made of it.
func (in *inputs) keepHeld(name string, inner []byte) {
	if outer := in.texts[name]; outer != nil && outer.text != "" && !bytes.Equal(inner, []byte(outer.text)) {
		outer.places = &inputText{text: string(inner)}
	}
}

// line is the n-th line, from 1, without its end. It is false for a line that is not there.
func (t *inputText) line(n int) (string, bool) {
	if t.lines == nil {
		t.lines = []int{0}
		for at := 0; ; {
			i := strings.IndexByte(t.text[at:], '\n')
			if i < 0 {
				break
			}
			at += i + 1
			t.lines = append(t.lines, at)
		}
	}
	if n < 1 || n > len(t.lines) || t.text == "" {
		return "", false
	}
	end := len(t.text)
	if n < len(t.lines) {
		end = t.lines[n] - 1
	}
	return strings.TrimSuffix(t.text[t.lines[n-1]:end], "\r"), true
}

// longestSource is how many bytes of a line programs are given whole: longer ones as people see
// them, cut around the column.
const longestSource = 4096

// source is the line of a place as programs are given it; empty if it is not known.
func (in *inputs) source(p profile.Place) string {
	t := in.texts[p.File]
	if t == nil {
		return ""
	}
	line, _ := t.line(p.Line)
	if len(line) > longestSource {
		line, _ = window(line, p.Column)
	}
	return line
}
