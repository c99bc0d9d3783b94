// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Command is a command, or a group of commands.
type Command struct {
	Name        string
	Usage       string // one line, for the list of commands
	ArgsUsage   string // the arguments, for the line of usage
	Description string // the long text of help
	Version     string // of the root: what --version prints
	Flags       []*Flag
	Commands    []*Command // a command that has some gets "help" as well
	Hidden      bool       // from help

	// Raw leaves the words after the command's name as they are: no flags, no help.
	Raw bool
	// StopAtArgument ends the flags at the first argument, for commands that are given
	// another command line.
	StopAtArgument bool

	Action func(context.Context, *Command) error

	// Of the root: its streams, and UsageError, which words an error of the command line
	// that is found in the command c.
	Reader            io.Reader
	Writer, ErrWriter io.Writer
	UsageError        func(c *Command, err error) error
	// State of the root is what the program keeps for one run. The commands below find it
	// there; this package does not look at it.
	State any

	parent *Command
	args   Args
}

// Args are the arguments of a command: the words that are neither commands nor flags,
// byte for byte. An empty word is an argument too.
type Args []string

// Get is the i-th argument, or "" if there are fewer. An empty argument is "" too; Len tells
// the two apart.
func (a Args) Get(i int) string {
	if i < len(a) {
		return a[i]
	}
	return ""
}

func (a Args) First() string   { return a.Get(0) }
func (a Args) Present() bool   { return len(a) > 0 }
func (a Args) Len() int        { return len(a) }
func (a Args) Slice() []string { return a }

// Tail is all but the first.
func (a Args) Tail() []string {
	if len(a) == 0 {
		return nil
	}
	return a[1:]
}

// Args are what Run has found. The action may keep them.
func (c *Command) Args() Args { return c.args }

// Root is the command at the top.
func (c *Command) Root() *Command {
	for c.parent != nil {
		c = c.parent
	}
	return c
}

// FullName is the names from the root on: "sieve marathon run".
func (c *Command) FullName() string {
	if c.parent == nil {
		return c.Name
	}
	return c.parent.FullName() + " " + c.Name
}

// Command is the one below c that has this name, or nil. "h" is short for "help"; there
// are no other short names, since each would be one more word that a script may rely on.
func (c *Command) Command(name string) *Command {
	i := slices.IndexFunc(c.Commands, func(below *Command) bool { return below.Name == name })
	if i < 0 && name == "h" {
		return c.Command("help")
	}
	if i < 0 {
		return nil
	}
	return c.Commands[i]
}

// Run runs a command line, which begins with the program's name. It is called once, on
// the root.
func (c *Command) Run(ctx context.Context, line []string) error {
	c.Flags = append(c.Flags, &Flag{Name: "version", Aliases: []string{"v"}, Kind: Bool, Usage: "print the version"})
	c.prepare(nil)
	return c.run(ctx, line[min(1, len(line)):])
}

// prepare gives a command and all below it their parents, --help and "help".
func (c *Command) prepare(parent *Command) {
	c.parent = parent
	i := len(c.Flags)
	if parent == nil {
		i-- // --version stays the last
	}
	c.Flags = slices.Insert(c.Flags, i, &Flag{Name: "help", Aliases: []string{"h"}, Kind: Bool, Usage: "show help"})
	if len(c.Commands) > 0 {
		c.Commands = append(c.Commands, helpCommand(c))
	}
	for _, below := range c.Commands {
		below.prepare(c)
	}
}

// run is Run for a command whose name has been read. Help comes before errors, and the
// version before what is missing: neither question needs a command line that is whole.
func (c *Command) run(ctx context.Context, words []string) error {
	if c.Raw {
		c.args = words
		return c.Action(ctx, c)
	}
	args, err := c.parse(words)
	below := c.Command(args.First())
	switch {
	case c.Bool("help"):
		return c.helpOn(args.First())
	case err != nil && below == nil && len(c.Commands) > 0 && args.Present():
		// The flag may be one of the command that was meant, whose name is wrong.
		c.args = args
		return c.Action(ctx, c)
	case err != nil:
		return c.misused(err)
	case c.parent == nil && c.Bool("version"):
		_, err := fmt.Fprintf(c.Writer, "%s version %s\n", c.Name, c.Version)
		return err
	case below != nil:
		return below.run(ctx, args.Tail())
	}
	if err := c.missing(); err != nil {
		return c.misused(err)
	}
	c.args = args
	return c.Action(ctx, c)
}

// missing is the error about flags that must be given and are not: one error about all,
// so that nobody mends a command line word by word.
func (c *Command) missing() error {
	var names []string
	for _, f := range c.Flags {
		if f.Required && len(f.given) == 0 {
			names = append(names, f.Name)
		}
	}
	switch len(names) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("required flag %q not set", names[0])
	}
	return fmt.Errorf("required flags %q not set", strings.Join(names, ", "))
}

// misused has the root word an error of the command line. c is the command in which it was
// found, so that the message can name that command's help.
func (c *Command) misused(err error) error {
	if word := c.Root().UsageError; word != nil {
		return word(c, err)
	}
	return err
}
