// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/gosieve/sieve/profile"
)

// lintText writes findings for people.
func lintText(w io.Writer, list []linting) error {
	paint := func(_ profile.Severity, s string) string { return s }
	if isTerminal(w) && colour() {
		paint = painted
	}
	var b bytes.Buffer
	var counts [profile.Failure + 1]int
	for _, one := range list {
		for _, d := range one.findings {
			counts[d.Severity]++
			fmt.Fprintf(&b, "%s: %s: %s (%s)\n", printable(origin(d.Place)), paint(d.Severity, d.Severity.String()), printable(d.Message), d.Code)
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

// printable keeps what someone wrote in a document from driving the terminal.
func printable(s string) string {
	var b strings.Builder
	for _, c := range s {
		if unicode.IsControl(c) {
			fmt.Fprintf(&b, "\\u%04x", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// origin is a place as editors read it; without a line, the path in the document.
func origin(p profile.Place) string {
	if p.Line == 0 {
		return p.String()
	}
	p.Path = ""
	return p.String()
}

func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}

// painted is a severity as a terminal shows it.
func painted(s profile.Severity, text string) string {
	return map[profile.Severity]string{profile.Failure: "\x1b[31m", profile.Warning: "\x1b[33m", profile.Info: "\x1b[36m"}[s] + text + "\x1b[0m"
}

// joined are words in one line, of those that are alike one.
func joined(words []string) string {
	slices.Sort(words)
	return strings.Join(slices.Compact(words), ", ")
}
