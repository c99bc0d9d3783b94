// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/review"
)

// reviewText writes a review for a terminal, in the manner of a unified diff: A is "-" and B
// is "+". Equal sides write nothing.
//
//	--- docker
//	+++ web.json
//
//	x86_64, x86: opened
//	  socket(AF_VSOCK, *)
//	    - ERRNO(EPERM)  default action
//	    + ALLOW         web.json:440:3
//	      for example   socket(AF_VSOCK, 0, 0)
//
//	1 call opened, 0 closed, 0 changed otherwise
func reviewText(cmd *cli.Command, c *compared) error {
	if len(c.Changes) == 0 {
		return nil
	}
	w := cmd.Root().Writer
	paint := func(_ review.Direction, s string) string { return s }
	if coloured(w) {
		paint = paintedDirection
	}
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", printable(c.a.name), printable(c.b.name))
	for _, block := range blocks(c.Changes) {
		fmt.Fprintf(&b, "\n%s\n", paint(block.direction, strings.Join(block.abis, ", ")+": "+block.direction.String()))
		for i := range block.rows {
			block.rows[i].text(&b)
		}
	}
	fmt.Fprintf(&b, "\n%s%s\n", summary(c.Review), c.unfinished())
	_, err := io.WriteString(w, b.String())
	return err
}

// unfinished is what a count has to add if there may be more.
func (c *compared) unfinished() string {
	switch {
	case c.failed:
		return "; there may be more"
	case c.More:
		return "; " + counted(c.Sets, "set") + " shown, and there are more"
	}
	return ""
}

// width is that of lines, which are broken between calls.
const width = 100

// text writes a row: its calls, both answers, and an example.
func (r *row) text(b *strings.Builder) {
	var names []string
	for _, call := range r.calls {
		if name, _, ok := strings.Cut(call, "("); ok && !strings.Contains(name, " ") { // sets of arguments are read one by one
			b.WriteString(broken(call, "  "))
			continue
		}
		names = append(names, call)
	}
	if len(names) > 0 {
		b.WriteString(broken(strings.Join(names, ", "), "  "))
	}
	column := 0
	for _, action := range []string{r.a, r.b} {
		if len(action) < width/4 { // else it is a sentence
			column = max(column, len(action))
		}
	}
	for _, side := range [][3]string{{"-", r.a, r.placeA}, {"+", r.b, r.placeB}} {
		line := fmt.Sprintf("    %s %-*s  %s", side[0], column, side[1], printable(side[2]))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	if r.example != "" {
		fmt.Fprintf(b, "      for example %s\n", r.example)
	}
}

// broken is a list in lines of some width, broken behind commas and, in what is longer than a
// line, between flags. Lines after the first stand further in.
func broken(text, indent string) string {
	var parts []string
	for _, part := range strings.SplitAfter(text, ", ") {
		if len(part) > width/2 {
			parts = append(parts, strings.SplitAfter(part, "|")...)
			continue
		}
		parts = append(parts, part)
	}
	var lines []string
	line := indent
	for _, part := range parts {
		if len(line)+len(strings.TrimRight(part, " ")) > width && strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimRight(line, " "))
			line = indent + "      "
		}
		line += part
	}
	return strings.Join(append(lines, line), "\n") + "\n"
}
