// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/internal/audit"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/profile"
)

// This file is the only one that knows what a terminal is and what it can do.

// isTerminal says whether w is a terminal, or another character device such as /dev/null, for
// which text is as good. It asks the file's mode and not the terminal's driver, which each
// system asks in its own way.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// isNull says whether w is the null device, for those who refuse a terminal: there a script
// throws away what it does not want to see.
func isNull(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && os.SameFile(info, null)
}

// steerable says whether w is a terminal that obeys escape sequences: it can move its cursor
// and show colours. TERM=dumb is one that does not.
func steerable(w io.Writer) bool { return isTerminal(w) && os.Getenv("TERM") != "dumb" }

// coloured says whether w is to show colours: it can, and the user does not object
// (no-color.org).
func coloured(w io.Writer) bool { return steerable(w) && os.Getenv("NO_COLOR") == "" }

// Colours of a terminal.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	cyan   = "\x1b[36m"
	reset  = "\x1b[0m"
)

// painted is a severity as a terminal shows it.
func painted(s profile.Severity, text string) string {
	colour := cyan
	switch s {
	case profile.Failure:
		colour = red
	case profile.Warning:
		colour = yellow
	}
	return colour + text + reset
}

// paintedVerdict is a verdict of an audit as the output shows it.
func paintedVerdict(w io.Writer, v audit.Verdict) string {
	severity := map[audit.Verdict]profile.Severity{audit.Reached: profile.Failure, audit.Undecided: profile.Failure, audit.Supervised: profile.Warning}[v]
	if severity == 0 || !coloured(w) {
		return v.String()
	}
	return painted(severity, v.String())
}

// Escape sequences that write over what stands on the terminal.
const (
	clearLine  = "\r\x1b[K"       // the cursor's line
	clearBelow = "\x1b[%dA\x1b[J" // so many lines above the cursor, and all below them
)

// printable keeps what someone wrote in a document from steering the terminal, and from
// looking like something else: control characters and those that show nothing or turn the
// direction of the text come out as JSON writes them.
func printable(s string) string {
	var b strings.Builder
	for _, c := range s {
		if !strconv.IsPrint(c) {
			b.WriteString(escaped(c))
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// escaped is a character by its number, as JSON and Go write it.
func escaped(c rune) string {
	if c > 0xffff {
		return fmt.Sprintf(`\U%08x`, c)
	}
	return fmt.Sprintf(`\u%04x`, c)
}

// masked keeps what a program writes from steering the terminal. A control character comes
// out as one "?", so that columns stay where they are; tabs stay.
func masked(text string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' || c >= 0x7f && c < 0xa0 {
			return '?'
		}
		return c
	}, text)
}

// paintedDirection is a heading of a review as a terminal shows it: what is opened is what a
// reviewer must see.
func paintedDirection(d review.Direction, text string) string {
	colour := yellow
	switch d {
	case review.Opened:
		colour = red
	case review.Closed:
		colour = green
	}
	return colour + text + reset
}
