// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/internal/wording"
	"github.com/urfave/cli/v3"
)

// unknownWord is the error about a word that is none of those known.
func unknownWord(what, got string, known ...string) error {
	want := known[len(known)-1]
	if n := len(known) - 1; n > 0 {
		want = strings.Join(known[:n], ", ") + " or " + want
	}
	return fmt.Errorf("unknown %s %q, want %s%s", what, got, want, didYouMean(got, known))
}

// didYouMean is the end of an error about a word; empty where none of those known is
// near.
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

// beginning is the one word that begins so; empty if there are several, or none.
func beginning(got string, known []string) string {
	found := ""
	for _, word := range known {
		if len(got) < 3 || !strings.HasPrefix(word, strings.ToLower(got)) {
			continue
		}
		if found != "" {
			return ""
		}
		found = word
	}
	return found
}

// commandNames are the commands below one.
func commandNames(c *cli.Command) []string {
	var names []string
	for _, below := range subcommands(c) {
		names = append(names, below.text)
	}
	return names
}

// nearFlag is the end of an error about a flag that a command has not.
func nearFlag(c *cli.Command, err error) string {
	_, name, ok := strings.Cut(err.Error(), "flag provided but not defined: -")
	if !ok {
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
	near := wording.Nearest(strings.TrimLeft(name, "-"), names)
	if near == "" {
		return ""
	}
	return "; did you mean --" + near + "?"
}
