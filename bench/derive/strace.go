// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"io"
	"regexp"
	"strings"
)

// A traced is one line of strace: a call, or the rest of one that another thread's line
// had cut off.
type traced struct {
	thread       string
	name, rest   string
	resumed, cut bool
}

// line is what strace -f -o writes: "123 openat(AT_FDCWD, ...", "123 <... openat resumed>...".
var line = regexp.MustCompile(`^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$`)

func readStrace(r io.Reader) ([]traced, error) {
	var list []traced
	scanner := bufio.NewScanner(r)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		m := line.FindStringSubmatch(scanner.Text())
		if m == nil {
			continue // an exit, a signal
		}
		list = append(list, traced{thread: m[1], name: m[2] + m[3], rest: m[4], resumed: m[2] != "", cut: strings.HasSuffix(m[4], "<unfinished ...>")})
	}
	return list, scanner.Err()
}

// created finds the thread or process that a call made.
var created = regexp.MustCompile(`\) += (\d+)$`)

// programCalls are the names of the calls that one program made: not those before its
// execve, nor those of children after theirs.
//
// The kernel's order of lines is not that of cause: a child's first calls may stand before
// the line that says who made it, and a parent by vfork comes after the child's execve. So
// parents are found first.
func programCalls(list []traced) map[string]bool {
	if len(list) == 0 {
		return nil
	}
	type birth struct {
		parent string
		line   int // at which the parent began to make it
	}
	births := map[string]birth{}
	executed := map[string]int{} // the line after which a process was another program
	began := map[string]int{}
	for i, l := range list {
		if !l.resumed {
			began[l.thread] = i
		}
		if l.cut {
			continue
		}
		switch l.name {
		case "clone", "clone3", "fork", "vfork":
			if m := created.FindStringSubmatch(l.rest); m != nil {
				births[m[1]] = birth{l.thread, began[l.thread]}
			}
		case "execve", "execveat":
			if _, done := executed[l.thread]; !done && i > 0 && strings.HasSuffix(l.rest, " = 0") {
				executed[l.thread] = began[l.thread]
			}
		}
	}
	var foreign func(thread string, at int) bool
	foreign = func(thread string, at int) bool {
		if since, ok := executed[thread]; ok && at > since {
			return true
		}
		b, ok := births[thread]
		return ok && foreign(b.parent, b.line)
	}
	calls := map[string]bool{}
	for i, l := range list {
		if i > 0 && !l.resumed && !foreign(l.thread, i) { // the first is the program's own execve
			calls[l.name] = true
		}
	}
	return calls
}

// emulated finds the calls in what qemu-user's -strace writes. Threads write into one
// another's lines, so a call may stand anywhere.
var emulated = regexp.MustCompile(`\d+ ([a-z_][a-z0-9_]*)\(`)

func readEmulated(text string) map[string]bool {
	calls := map[string]bool{}
	for _, m := range emulated.FindAllStringSubmatch(text, -1) {
		calls[m[1]] = true
	}
	return calls
}
