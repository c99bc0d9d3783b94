// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// UnknownFlagError is a flag that a command does not have.
type UnknownFlagError struct{ Name string } // without dashes and value

func (e *UnknownFlagError) Error() string { return "flag provided but not defined: " + dashed(e.Name) }

// dashed is a flag as people type it.
func dashed(name string) string {
	if utf8.RuneCountInString(name) > 1 {
		return "--" + name
	}
	return "-" + name
}

// parse sets the flags among the words and returns the others. It ends at "--", which is
// dropped, and at the name of a command: what follows is that command's. Flags and arguments
// may be mixed, "compile FILE -o OUT". With an error, the flags before it are set.
func (c *Command) parse(words []string) (args Args, err error) {
	for i := 0; i < len(words); i++ {
		word := words[i]
		switch {
		case word == "--":
			return append(args, words[i+1:]...), nil
		case c.ends(word, args):
			return append(args, words[i:]...), nil
		case !strings.HasPrefix(word, "-") || word == "-": // "-" stands for standard input
			args = append(args, word)
			continue
		}
		used, err := c.take(words[i:])
		if err != nil {
			return args, err
		}
		i += used - 1
	}
	return args, nil
}

// ends says whether a word and all after it are arguments: they are another command's,
// or the word looks like a flag but is a negative number, "-1".
func (c *Command) ends(word string, args Args) bool {
	if c.StopAtArgument && len(args) > 0 {
		return true
	}
	if number, ok := strings.CutPrefix(word, "-"); ok {
		first, _ := utf8.DecodeRuneInString(number)
		return number != "" && first != '-' && !unicode.IsLetter(first)
	}
	return c.Command(word) != nil
}

// take sets the flag that the first word names, and returns how many words it is with its
// value. A flag takes the next word whatever that looks like, even "--" or another flag:
// a file may have such a name. A Bool never does, as "--strict FILE" has to mean both.
func (c *Command) take(words []string) (used int, err error) {
	name := strings.TrimPrefix(words[0][1:], "-")
	name, value, ok := strings.Cut(name, "=")
	f := c.find(name)
	if f == nil {
		return 0, &UnknownFlagError{name}
	}
	switch used = 1; {
	case !f.TakesValue() && value == "":
		value = "true"
	case f.TakesValue() && !ok && len(words) == 1:
		return 0, fmt.Errorf("flag needs an argument: %s", words[0])
	case f.TakesValue() && !ok:
		value, used = words[1], 2
	}
	return used, f.set(name, value)
}
