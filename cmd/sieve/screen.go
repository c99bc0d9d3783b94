// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/gosieve/sieve/internal/marathon"
)

// screen writes lines, and on a terminal keeps the status below them. It may be used by
// several goroutines: tasks write at any time.
type screen struct {
	terminal bool

	mu     sync.Mutex
	w      io.Writer
	status string // what stands below the lines
}

// newScreen writes on anything. Without a terminal there is no status, and lines come out
// unchanged.
func newScreen(w io.Writer) *screen {
	return &screen{w: w, terminal: steerable(w)}
}

// line writes a line above the status.
func (s *screen) line(text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redraw(s.printable(text)+"\n", s.status)
}

// printable keeps a task from steering the terminal. A file or a pipe gets a task's bytes
// unchanged.
func (s *screen) printable(text string) string {
	if !s.terminal {
		return text
	}
	return masked(text)
}

// prefixed returns the writer for a task's output, each line of which begins with the
// task's id.
func (s *screen) prefixed(task string) io.Writer {
	return &lines{emit: func(text string) { s.line("[" + task + "] " + text) }}
}

// show writes the status; without rows it is removed.
func (s *screen) show(rows []marathon.Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.redraw("", s.printableStatus(rows))
}

// printableStatus is the status, of which no part can steer the terminal: names come from apps.
func (s *screen) printableStatus(rows []marathon.Row) string {
	if len(rows) == 0 {
		return ""
	}
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSuffix(table(rows, time.Now()), "\n"), "\n") {
		b.WriteString(s.printable(line) + "\n")
	}
	return b.String()
}

// redraw writes text over the old status, and the new status below it. The caller holds
// mu.
func (s *screen) redraw(text, status string) {
	if n := strings.Count(s.status, "\n"); n > 0 {
		fmt.Fprintf(s.w, clearBelow, n)
	}
	s.status = status
	io.WriteString(s.w, text+status)
}

// widest is the longest line of the status, in characters. A longer one would wrap on a
// terminal of 80 columns, take two rows, and could not be written over by counting lines.
const widest = 79

// tallest is how many tasks the status has room for: what has scrolled off the screen
// could not be written over.
const tallest = 20

// table is the status: a head and a line for each task. It is cut to tallest rows and
// widest columns.
func table(rows []marathon.Row, now time.Time) string {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "TASK\tPROFILE\tSTATE\tFAILURES\tNEXT\tLAST")
	hidden := max(0, len(rows)-tallest)
	for _, r := range rows[:len(rows)-hidden] {
		next := ""
		if left := r.Next.Sub(now); !r.Next.IsZero() && left > 0 {
			next = fmt.Sprintf("%.0fs", left.Seconds())
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\n", r.Task, r.Profile, r.State, r.Failures, next, strings.ReplaceAll(r.Last, "\n", " "))
	}
	t.Flush()
	if hidden > 0 {
		fmt.Fprintf(&b, "and %d more\n", hidden)
	}
	out := strings.Split(b.String(), "\n")
	for i, line := range out {
		if runes := []rune(line); len(runes) > widest {
			line = string(runes[:widest-3]) + "..."
		}
		out[i] = strings.TrimRight(line, " ")
	}
	return strings.Join(out, "\n")
}
