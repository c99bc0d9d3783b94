// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"embed"
	"fmt"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
)

// completionScripts ask "sieve __complete" for candidates at every TAB, so they
// know nothing about sieve and never grow stale.
//
//go:embed completion
var completionScripts embed.FS

// completeName is the hidden command that the scripts call. Scripts of earlier versions
// are in people's shells, so its name and its output are an interface.
const completeName = "__complete"

// A shell's script is a few lines that ask sieve itself, so that flags and values are
// known in one place: the commands' own definitions, and candidates.go for what those do
// not say. A new command or flag is completed without a change to the scripts.
func completionCommand() *cli.Command {
	return &cli.Command{
		Name:      "completion",
		Usage:     "print completion for a shell",
		ArgsUsage: "bash|zsh|fish",
		Description: `Prints a script that completes commands, flags, their values, names of calls and
files. It needs nothing but the shell.

Examples:
  source <(sieve completion bash)                                   in ~/.bashrc
  source <(sieve completion zsh)                                    in ~/.zshrc, after compinit
  sieve completion fish > ~/.config/fish/completions/sieve.fish`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			shell := cmd.Args().First()
			script, err := completionScripts.ReadFile("completion/" + shell)
			switch {
			case cmd.Args().Len() != 1:
				return fmt.Errorf("completion: want one of %s", strings.Join(shells, ", "))
			case err != nil:
				return fmt.Errorf("completion: %w", unknownWord("shell", shell, shells...))
			}
			_, err = cmd.Root().Writer.Write(script)
			return err
		},
	}
}

// shells are those that there is a script for, each a file of that name in the folder
// completion.
var shells = []string{"bash", "zsh", "fish"}

// completeCommand prints what may stand at the place of its last argument: a line for
// each candidate, with a description after a tab. ":files" stands for names of files and
// ":commands" for programs, which the shell knows best.
//
//	sieve __complete -- lint --format s   ->   sarif
func completeCommand() *cli.Command {
	return &cli.Command{
		Name:   completeName,
		Hidden: true,
		Raw:    true,
		Action: func(_ context.Context, cmd *cli.Command) error {
			var b strings.Builder
			for _, c := range candidates(cmd.Root(), cmd.Args().Tail()) { // the first is "--"
				b.WriteString(c.text)
				if c.about != "" {
					b.WriteString("\t" + c.about)
				}
				b.WriteByte('\n')
			}
			_, err := cmd.Root().Writer.Write([]byte(b.String()))
			return err
		},
	}
}

// candidate is a word that may stand at the cursor, with a description for shells that
// show one.
type candidate struct{ text, about string }

// The candidates that the shell replaces by names it knows.
var (
	anyFile    = candidate{text: ":files"}
	anyProgram = candidate{text: ":commands"}
)

// candidates are those for the last word of a command line, without "sieve". The last
// word is the one that is being typed; it may be empty. The words before it only move the
// cursor.
func candidates(root *cli.Command, words []string) []candidate {
	if len(words) == 0 {
		words = []string{""}
	}
	at := cursor{command: root}
	for _, word := range words[:len(words)-1] {
		at.pass(word)
	}
	return at.complete(words[len(words)-1])
}

// cursor is a place on a command line, and what the words before it have settled.
type cursor struct {
	command *cli.Command
	flag    *cli.Flag // the flag whose value stands here, if one does
	words   []string  // that are neither commands nor flags
	last    bool      // flags have ended
}

// pass moves the cursor over a word. It follows the rules of the flag parser: "--" ends
// the flags, "-" is an argument, a flag without "=" takes the next word if it takes a
// value, and for commands that run others flags end at the first argument (StopAtArgument).
func (c *cursor) pass(word string) {
	switch {
	case c.flag != nil:
		c.flag = nil
	case c.last:
		c.words = append(c.words, word)
	case word == "--":
		c.last = true
	case strings.HasPrefix(word, "-") && word != "-":
		if f := c.find(word); f != nil && !strings.Contains(word, "=") && f.TakesValue() {
			c.flag = f
		}
	default:
		if below := c.command.Command(word); below != nil && len(c.words) == 0 {
			c.command = below
			return
		}
		c.words = append(c.words, word)
		c.last = c.command.StopAtArgument
	}
}

// find is the flag that a word names, with one dash or two; nil if the command has no
// such flag.
func (c *cursor) find(word string) *cli.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
	for _, f := range c.command.Flags {
		for _, n := range f.Names() {
			if n == name {
				return f
			}
		}
	}
	return nil
}

// complete returns what the word at the cursor may become.
func (c *cursor) complete(word string) []candidate {
	switch {
	case c.flag != nil:
		return matching(word, "", c.values(c.flag, word))
	case c.last || !strings.HasPrefix(word, "-"):
		return matching(word, "", c.arguments())
	}
	if flag, value, ok := strings.Cut(word, "="); ok {
		if f := c.find(word); f != nil {
			return matching(word, flag+"=", c.values(f, value))
		}
		return nil
	}
	return matching(word, "", c.flags())
}

// matching keeps the candidates that begin with a word. The prefix goes before each,
// "--arch=" for a value after "=". Files and programs are passed on: the shell matches
// those itself.
func matching(word, prefix string, all []candidate) []candidate {
	var list []candidate
	for _, c := range all {
		if c == anyFile || c == anyProgram {
			list = append(list, c)
		} else if c.text = prefix + c.text; strings.HasPrefix(c.text, word) {
			list = append(list, c)
		}
	}
	return list
}

// flags are the flags of the command at the cursor. A flag of one letter has one dash.
// --help and --version are the parser's own.
func (c *cursor) flags() []candidate {
	list := []candidate{{"--help", "show help"}}
	if c.command == c.command.Root() {
		list = append(list, candidate{"--version", "print the version"})
	}
	for _, f := range c.command.Flags {
		if f.Name == "help" || f.Name == "version" {
			continue
		}
		name := "--" + f.Name
		if len(f.Name) == 1 {
			name = name[1:]
		}
		list = append(list, candidate{name, strings.ReplaceAll(f.Usage, "`", "")})
	}
	return list
}
