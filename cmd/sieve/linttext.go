// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"

	"github.com/gosieve/sieve/profile"
)

// lintText writes findings for people, in the form of a compiler, and a line of counts:
//
//	web.json:12:9: warning: message (code)
//	   12 | the line
//	      |      ^
//		fix: what would do
//
// Names and messages may quote the document, so control characters in them are made
// visible.
func (in *inputs) lintText(w io.Writer, list []linting) error {
	paint := func(_ profile.Severity, s string) string { return s }
	if coloured(w) {
		paint = painted
	}
	var b bytes.Buffer
	var counts [profile.Failure + 1]int
	for _, one := range list {
		var shown profile.Place // whose line stands above already
		for _, d := range one.findings {
			counts[d.Severity]++
			fmt.Fprintf(&b, "%s: %s: %s (%s)\n", printable(origin(d.Place)), paint(d.Severity, d.Severity.String()), printable(d.Message), d.Code)
			if at := (profile.Place{File: d.Place.File, Line: d.Place.Line, Column: d.Place.Column}); at != shown {
				b.WriteString(in.quoted(at, func(s string) string { return paint(d.Severity, s) }))
				shown = at
			}
			if d.Fix != "" {
				fmt.Fprintf(&b, "\tfix: %s\n", printable(d.Fix))
			}
		}
	}
	fmt.Fprintf(&b, "%s: %s, %s, %s\n", counted(len(list), "file"), counted(counts[profile.Failure], "error"),
		counted(counts[profile.Warning], "warning"), counted(counts[profile.Info], "note"))
	_, err := w.Write(b.Bytes())
	return err
}

// origin is a place as editors read it, file:line:column; without a line, the path in the
// document.
func origin(p profile.Place) string {
	if p.Line == 0 {
		return p.String()
	}
	p.Path = ""
	return p.String()
}
