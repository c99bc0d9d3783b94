// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/wording"
)

// unknownWord is the error about a word that is none of those known:
//
//	unknown format "jason", want text or json; did you mean "json"?
func unknownWord(what, got string, known ...string) error {
	return fmt.Errorf("unknown %s %q, want %s%s", what, got, series(known, "or"), didYouMean(got, known))
}

// series is words in a sentence: "a", "a or b", "a, b or c".
func series(words []string, conjunction string) string {
	n := len(words) - 1
	if n < 1 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:n], ", ") + " " + conjunction + " " + words[n]
}

// texts are numbers as words.
func texts(numbers []int) []string {
	list := make([]string, len(numbers))
	for i, n := range numbers {
		list[i] = strconv.Itoa(n)
	}
	return list
}

// distinct is words in one line, in alphabetical order, each once.
func distinct(words []string) string {
	sorted := slices.Sorted(slices.Values(words))
	return strings.Join(slices.Compact(sorted), ", ")
}

// counted is a number of things: "1 file", "2 files".
func counted[N int | uint64](n N, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

// didYouMean is the end of an error about a word; empty if none of those known is near. A
// word that only one of those known begins with, or that begins with one, is taken before one
// that is merely similar.
func didYouMean(got string, known []string) string {
	near := wording.Nearest(got, known)
	if begun := beginning(got, known); begun != "" {
		near = begun
	}
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// before is the end of an error before the words that say where to read on: behind a question
// stands no colon.
func before(end string) string {
	if strings.HasSuffix(end, "?") {
		return end
	}
	return end + ":"
}

// beginning is the one known word that begins with what was typed, or with which that begins;
// empty if there are several, or none, or if they share fewer than three letters.
func beginning(got string, known []string) string {
	found := ""
	got = strings.ToLower(got)
	for _, word := range known {
		if min(len(got), len(word)) < 3 || !strings.HasPrefix(word, got) && !strings.HasPrefix(got, word) {
			continue
		}
		if found != "" {
			return ""
		}
		found = word
	}
	return found
}

// commandNames are the commands below one that help shows.
func commandNames(c *cli.Command) []string {
	var names []string
	for _, below := range subcommands(c) {
		names = append(names, below.text)
	}
	return names
}

// nearFlag is the end of an error about a flag that a command does not have: the commands that
// have it, or the nearest of its own. Names of one letter are no candidates: any is as near as
// another.
func nearFlag(c *cli.Command, err error) string {
	var unknown *cli.UnknownFlagError
	if !errors.As(err, &unknown) {
		return ""
	}
	var names []string
	for _, f := range c.Flags {
		for _, name := range f.Names() {
			if len(name) > 1 {
				names = append(names, name)
			}
		}
	}
	others := haveFlag(c.Root(), unknown.Name)
	near := wording.Nearest(unknown.Name, names)
	switch {
	case near != "" && len(others) != 1:
		return "; did you mean --" + near + "?"
	case len(others) > 0 && c == c.Root():
		return "; flags stand behind the command"
	case len(others) == 1:
		return "; " + others[0] + " has it"
	case len(others) > 3:
		return fmt.Sprintf("; %s and %d others have it", strings.Join(others[:2], ", "), len(others)-2)
	case len(others) > 1:
		return "; " + series(others, "and") + " have it"
	case near != "":
		return "; did you mean --" + near + "?"
	}
	if begun := beginning(unknown.Name, names); begun != "" {
		return "; did you mean --" + begun + "?"
	}
	return ""
}

// haveFlag are the commands that have a flag, as they are typed. Those below groups count,
// hidden ones do not.
func haveFlag(c *cli.Command, name string) []string {
	var list []string
	for _, below := range c.Commands {
		for _, f := range below.Flags {
			if !below.Hidden && name != "help" && slices.Contains(f.Names(), name) {
				list = append(list, strconv.Quote(below.FullName()))
			}
		}
		list = append(list, haveFlag(below, name)...)
	}
	return list
}

// nearCommand is the end of an error about a command: the one that was meant, or the flag of
// that name.
func nearCommand(name string, c *cli.Command) string {
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), name) {
			return fmt.Sprintf("; did you mean %q?", "--"+name)
		}
	}
	return didYouMean(name, commandNames(c))
}

// unreadable is an error about a file that is named, with the word that was meant if there is no
// such file: Docker's default profile has a name and is no file.
func unreadable(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) && name != dockerName && wording.Nearest(name, []string{dockerName}) != "" {
		return fmt.Errorf("%w; did you mean %q, Docker's default profile?", err, dockerName)
	}
	return err
}

// kernelOf is the version of a kernel that a flag says.
func kernelOf(cmd *cli.Command, flag string) (arch.Kernel, error) {
	said := cmd.String(flag)
	k, err := arch.ParseKernel(said)
	if near := wording.Kernel(said); err != nil && near != "" {
		return 0, fmt.Errorf("--%s: %w; did you mean %q?", flag, err, near)
	}
	if err != nil {
		return 0, fmt.Errorf("--%s: %w", flag, err)
	}
	return k, nil
}
