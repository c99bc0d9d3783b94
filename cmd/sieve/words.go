// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
// word that only one of those known begins with is taken before one that is merely
// similar.
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

// beginning is the one known word that begins with what was typed; empty if there are
// several, or none, or fewer than three letters were typed.
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

// commandNames are the commands below one that help shows.
func commandNames(c *cli.Command) []string {
	var names []string
	for _, below := range subcommands(c) {
		names = append(names, below.text)
	}
	return names
}

// nearFlag is the end of an error about a flag that a command does not have. Names of one
// letter are no candidates: any is as near as another.
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
	near := wording.Nearest(unknown.Name, names)
	if near == "" {
		return ""
	}
	return "; did you mean --" + near + "?"
}
