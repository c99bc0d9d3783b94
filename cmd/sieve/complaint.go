// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

// mostErrors is how many errors of one document are written, and how many warnings; lint writes
// all. The first
// say what is wrong, and with their lines they fill a terminal.
const mostErrors = 10

// placedError is an error about a place of a document that is right: what a rule says, a filter
// does not.
type placedError struct {
	error
	place profile.Place
}

func (e *placedError) Unwrap() error { return e.error }

// complain writes an error with the line of the document that it is about, and what else is
// wrong with the same document. Errors about several files come one by one.
func (in *inputs) complain(w io.Writer, err error) {
	if list := joined(err); list != nil {
		for _, one := range list {
			in.complain(w, one)
		}
		return
	}
	fmt.Fprintf(w, "sieve: %s\n", printableLines(err.Error()))
	var known *profile.Error
	if !errors.As(err, &known) {
		fmt.Fprint(w, in.quoted(lineOf(err), painter(w, profile.Failure)))
		return
	}
	paint := painter(w, profile.Failure)
	fmt.Fprint(w, in.quoted(known.Place, paint))
	for i, d := range known.Also {
		if i == mostErrors-1 {
			fmt.Fprintf(w, "sieve: %s: \"sieve lint\" writes all\n", counted(len(known.Also)-i, "more error"))
			return
		}
		fmt.Fprintf(w, "sieve: %s\n", printable((&profile.Error{Diagnostic: d, Kind: profile.ErrProfile}).Error()))
		fmt.Fprint(w, in.quoted(d.Place, paint))
	}
}

// lineOf is the place of an error that is no *profile.Error: of a placedError, or the line that
// the reader of YAML names where no dialect was found. It has no columns.
func lineOf(err error) profile.Place {
	var placed *placedError
	if errors.As(err, &placed) {
		return placed.place
	}
	var unknown *dialect.DetectError
	if !errors.As(err, &unknown) {
		return profile.Place{}
	}
	_, rest, _ := strings.Cut(unknown.Reason, "line ")
	number, _, _ := strings.Cut(rest, ":")
	n, _ := strconv.Atoi(number) // 0 for none
	return profile.Place{File: unknown.File, Line: n}
}

// tell writes a diagnostic, and the line of the document that it is about.
func (in *inputs) tell(w io.Writer, d profile.Diagnostic) {
	fmt.Fprintf(w, "%s\n%s", printable(d.String()), in.quoted(d.Place, painter(w, d.Severity)))
}

// painter colours a caret as severities are, where there are colours.
func painter(w io.Writer, s profile.Severity) func(string) string {
	if !coloured(w) {
		return plain
	}
	return func(text string) string { return painted(s, text) }
}

// joined are the errors that errors.Join has put together, nil for any other. fmt.Errorf wraps
// several too, in one sentence.
func joined(err error) []error {
	several, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	list := several.Unwrap()
	if err.Error() != errors.Join(list...).Error() {
		return nil
	}
	return list
}

// printableLines is printable for a text of several lines.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = printable(line)
	}
	return strings.Join(lines, "\n")
}
