// SPDX-License-Identifier: Apache-2.0

package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Kind is what a flag's value is.
type Kind uint8

// The kinds of values. Times, sizes and the like are Strings, which the command reads
// itself: it can then say what it wants in its own words.
const (
	String Kind = iota
	Bool        // takes no value, unless by "="
	Int         // as Go writes it: 0x10 is 16
	List        // may be given several times, and holds strings with commas between them
)

// Flag is a flag of one command.
type Flag struct {
	Name    string
	Aliases []string
	Kind    Kind
	// Usage is one line of help. A word of it in backquotes is the name of the value.
	Usage string
	// Value is what the flag has if it is not given, written as on a command line. Help
	// shows it, or DefaultText in its place.
	Value, DefaultText string
	Required           bool
	Check              func(int) error // says what is wrong with the value of an Int; may be nil

	// given are the values of this command line, in order. They are kept as text, checked:
	// a Flag of any kind is then the same type, and nothing is said about its value twice.
	// A List's are taken apart at their commas.
	given []string
}

// Names are the name and the aliases.
func (f *Flag) Names() []string { return append([]string{f.Name}, f.Aliases...) }

// TakesValue says whether the next word belongs to the flag.
func (f *Flag) TakesValue() bool { return f.Kind != Bool }

// set takes a value from the command line. Name is the one of its names that was used.
func (f *Flag) set(name, value string) error {
	if err := f.check(value); err != nil {
		return fmt.Errorf("invalid value %q for flag %s: %w", value, dashed(name), err)
	}
	if f.Kind == List {
		f.given = append(f.given, strings.Split(value, ",")...)
	} else {
		f.given = append(f.given, value)
	}
	return nil
}

// check says what is wrong with a value, so that those that are kept can be read without
// an error.
func (f *Flag) check(value string) error {
	switch f.Kind {
	case Bool:
		if _, err := strconv.ParseBool(value); err != nil {
			return errors.New("parse error")
		}
	case Int:
		n, err := number(value)
		if err != nil || f.Check == nil {
			return err
		}
		return f.Check(n)
	}
	return nil
}

// number reads an int in Go's notation; the error of strconv says what is wrong.
func number(value string) (int, error) {
	n, err := strconv.ParseInt(value, 0, strconv.IntSize)
	return int(n), err
}

// last is the value that counts: of a flag that is given twice, the second.
func (f *Flag) last() string {
	if len(f.given) == 0 {
		return f.Value
	}
	return f.given[len(f.given)-1]
}

// find is the flag of that name, or nil. A command has a few dozen flags at most, so that
// a map would cost more to build than all searches of a run.
func (c *Command) find(name string) *Flag {
	for _, f := range c.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

// flag is find for those who ask for a value. Commands share code that asks for flags
// which some of them lack: such a flag is as if not given, with the zero value.
func (c *Command) flag(name string) *Flag {
	if f := c.find(name); f != nil {
		return f
	}
	return &Flag{}
}

// IsSet says whether a flag was given, be it with its default. Commands ask this where
// the absence of a flag means something that no value of it says.
func (c *Command) IsSet(name string) bool { return len(c.flag(name).given) > 0 }

// String is the value of a String.
func (c *Command) String(name string) string { return c.flag(name).last() }

// Bool is the value of a Bool.
func (c *Command) Bool(name string) bool {
	b, _ := strconv.ParseBool(c.flag(name).last()) // checked; false for none
	return b
}

// Int is the value of an Int.
func (c *Command) Int(name string) int {
	n, _ := number(c.flag(name).last()) // checked; 0 for none
	return n
}

// Strings are the values of a List: nil if it was not given, as a List has no default.
func (c *Command) Strings(name string) []string { return c.flag(name).given }

// Set gives a flag a value, as if it stood on the command line.
func (c *Command) Set(name, value string) error {
	f := c.find(name)
	if f == nil {
		return &UnknownFlagError{name}
	}
	return f.set(name, value)
}

// With is the command with other values of a flag, which must have been checked: those of
// another flag of its kind. The command itself stays as it is.
func (c *Command) With(name string, values ...string) *Command {
	changed := *c
	changed.Flags = slices.Clone(c.Flags)
	for i, f := range changed.Flags {
		if slices.Contains(f.Names(), name) {
			own := *f
			own.given = values
			changed.Flags[i] = &own
		}
	}
	return &changed
}
