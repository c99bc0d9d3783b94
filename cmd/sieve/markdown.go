// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
)

// longest is how many bytes a comment has. GitHub takes 65536 characters.
const longest = 60000

// reviewMarkdown writes a review as a comment of a pull request, in GitHub's dialect of
// Markdown: a line that says what changed, and a table for each block. Long lists are folded.
// What does not fit into a comment is counted.
func reviewMarkdown(cmd *cli.Command, c *compared) error {
	var b strings.Builder
	if len(c.Changes) == 0 {
		fmt.Fprintf(&b, "**No call is decided differently** by %s and %s.\n", code(c.a.name), code(c.b.name))
	} else {
		fmt.Fprintf(&b, "**%s%s** from %s to %s.\n", summary(c.Review), c.unfinished(), code(c.a.name), code(c.b.name))
	}
	left := 0
	for _, block := range blocks(c.Changes) {
		text := block.markdown()
		if left > 0 || b.Len()+len(text) > longest {
			left += len(block.rows)
			continue
		}
		b.WriteString(text)
	}
	if left > 0 {
		fmt.Fprintf(&b, "\n%s did not fit into this comment; `sieve diff` shows all.\n", counted(left, "more row"))
	}
	_, err := io.WriteString(cmd.Root().Writer, b.String())
	return err
}

// markdown is a block as a table.
func (x *block) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n#### %s: %s\n\n| calls | before | after |\n|---|---|---|\n", strings.Join(x.abis, ", "), x.direction)
	for i := range x.rows {
		r := &x.rows[i]
		fmt.Fprintf(&b, "| %s | %s | %s |\n", r.cell(), answerCell(r.a, r.placeA), answerCell(r.b, r.placeB))
	}
	return b.String()
}

// unfolded is how many calls stand in a cell before they are folded.
const unfolded = 12

// cell is the calls of a row.
func (r *row) cell() string {
	var list []string
	for _, c := range r.calls {
		list = append(list, code(c))
	}
	text := strings.Join(list, ", ")
	if len(list) > unfolded {
		text = fmt.Sprintf("<details><summary>%d: %s, …</summary>%s</details>", len(list), strings.Join(list[:3], ", "), strings.Join(list[3:], ", "))
	}
	if r.example != "" {
		text += "<br>for example " + code(r.example)
	}
	return text
}

// answerCell is an answer with its place.
func answerCell(action, place string) string {
	if place == "" {
		return code(action)
	}
	return code(action) + "<br>" + code(place)
}

// code is a text as code, in which nothing means anything: no markup, no mention of a user, no
// link, and no end of a table's cell. What backquotes cannot hold is written as references to
// characters: a name of a file may have anything in it.
func code(text string) string {
	text = printable(text)
	if !strings.ContainsAny(text, "`\\") && strings.TrimSpace(text) == text && text != "" {
		return "`" + strings.ReplaceAll(text, "|", `\|`) + "`"
	}
	var b strings.Builder
	b.WriteString("<code>")
	for _, c := range text {
		if c < 0x80 && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			fmt.Fprintf(&b, "&#%d;", c)
			continue
		}
		b.WriteRune(c)
	}
	b.WriteString("</code>")
	return b.String()
}
