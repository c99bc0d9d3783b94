// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// helpCommand is "help", which a command gets that has others below it.
func helpCommand(of *Command) *Command {
	return &Command{
		Name:      "help",
		Usage:     "Shows a list of commands or help for one command",
		ArgsUsage: "[command]",
		Hidden:    of.parent != nil, // a small group needs no more than --help
		Action:    func(_ context.Context, c *Command) error { return of.helpOn(c.Args().First()) },
	}
}

// helpOn writes the help of the command below c that has this name, or of c if it has
// none below it or the name is empty.
func (c *Command) helpOn(name string) error {
	if name == "" || len(c.Commands) == 0 {
		return c.Help()
	}
	if below := c.Command(name); below != nil {
		return below.Help()
	}
	return c.misused(&UnknownCommandError{name})
}

// UnknownCommandError is a command that "help" is asked about and that is not there.
type UnknownCommandError struct{ Name string }

func (e *UnknownCommandError) Error() string { return fmt.Sprintf("unknown command %q", e.Name) }

// Help writes the help of a command to the root's Writer: sections with a title, each text
// three columns in. Lines are not wrapped: the long texts are written in lines that fit a
// terminal, and the lists of flags are for searching, where a line for each is best.
func (c *Command) Help() error {
	var b strings.Builder
	section := func(title, text string) {
		fmt.Fprintf(&b, "%s:\n%s\n\n", title, indented(text))
	}
	title := c.FullName()
	if c.Usage != "" {
		title += " - " + c.Usage
	}
	section("NAME", title)
	section("USAGE", c.synopsis())
	if c.parent == nil {
		section("VERSION", c.Version)
	}
	if c.Description != "" {
		section("DESCRIPTION", c.Description)
	}
	if rows := c.commandRows(); len(rows) > 0 {
		section("COMMANDS", aligned(rows))
	}
	options := "OPTIONS"
	if c.parent == nil {
		options = "GLOBAL OPTIONS"
	}
	section(options, aligned(c.flagRows()))
	_, err := io.WriteString(c.Root().Writer, strings.TrimSuffix(b.String(), "\n"))
	return err
}

// synopsis is the line that shows how a command line is put together. Every command has
// flags (--help), but the line of a group leaves them out: nobody gives a group any.
func (c *Command) synopsis() string {
	line := c.FullName()
	switch {
	case c.parent == nil:
		line += " [global options]"
	case len(c.Commands) == 0:
		line += " [options]"
	}
	if len(c.Commands) > 0 {
		line += " [command [command options]]"
	}
	if c.ArgsUsage != "" {
		line += " " + c.ArgsUsage
	}
	return line
}

// row is a line of a list: what is explained, and the explanation.
type row [2]string

// commandRows are the commands below c, in the order in which they are defined, which is
// by what they are for.
func (c *Command) commandRows() []row {
	var rows []row
	for _, below := range c.Commands {
		name := below.Name
		if name == "help" {
			name += ", h"
		}
		if !below.Hidden {
			rows = append(rows, row{name, below.Usage})
		}
	}
	return rows
}

// flagRows are the flags in the order in which they are defined.
func (c *Command) flagRows() []row {
	var rows []row
	for _, f := range c.Flags {
		rows = append(rows, f.row())
	}
	return rows
}

// row is a flag's line: its names with the name of the value, and its usage with the
// default. A List is shown twice, as it can be given.
func (f *Flag) row() row {
	before, rest, _ := strings.Cut(f.Usage, "`")
	value, after, _ := strings.Cut(rest, "`")
	var names []string
	for _, name := range f.Names() {
		dashes := "--"
		if utf8.RuneCountInString(name) == 1 {
			dashes = "-"
		}
		names = append(names, strings.TrimSpace(dashes+name+" "+value))
	}
	left, right := strings.Join(names, ", "), before+value+after
	if f.Kind == List {
		left += " [ " + left + " ]"
	}
	switch {
	case f.Required: // a default would never count
	case f.DefaultText != "":
		right += " (default: " + f.DefaultText + ")"
	case f.Value != "" && f.Kind == String:
		right += fmt.Sprintf(" (default: %q)", f.Value)
	case f.Value != "":
		right += " (default: " + f.Value + ")"
	}
	return row{left, right}
}

// aligned puts the explanations of rows below each other, two columns after the longest
// name.
func aligned(rows []row) string {
	width := 0
	for _, r := range rows {
		width = max(width, utf8.RuneCountInString(r[0]))
	}
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%-*s  %s\n", width, r[0], r[1])
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// indented puts three spaces before each line that is not empty.
func indented(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = "   " + line
		}
	}
	return strings.Join(lines, "\n")
}
