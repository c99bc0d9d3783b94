// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp"
)

// Bounds of a log. A log may be large and anybody's: memory grows with what differs in it, not with
// what is in it.
const (
	// Lines longer than the buffer count as records that cannot be read.
	longestLine = 64 << 10 // of a log; the kernel's records are below 8 KiB
	mostRows    = 4096     // that are told apart
	mostNamed   = 10       // records that cannot be read, by their lines
)

// explainAudit reports what a log says: a row for each kind of record, and on standard
// error a summary of what the rows leave out. Records that cannot be read do not stop it,
// as one bad line must not hide the rest; they make the exit status 2. Nor does an error
// while reading: what was read until then is reported first.
func explainAudit(cmd *cli.Command) error {
	var asked *auditProfile
	if cmd.IsSet("profile") {
		var err error
		if asked, err = newAuditProfile(cmd); err != nil {
			return err
		}
	}
	name := cmd.String("audit")
	if name == "-" && cmd.String("profile") == "-" {
		return errors.New("explain: --audit and --profile cannot both be standard input")
	}
	file, err := open(cmd, name)
	if err != nil {
		return err
	}
	defer file.Close()
	name = shown(name)
	l := auditLog{name: name, stderr: cmd.Root().ErrWriter, rows: map[auditKey]*denied{}}
	failed := l.read(file)
	rows := l.sorted()
	for i := range rows {
		if asked != nil {
			asked.about(&rows[i])
		}
	}
	if err := writeDenied(cmd.Root().Writer, cmd.String("format"), rows); err != nil {
		return err
	}
	l.summary()
	if failed != nil {
		return fmt.Errorf("%s: %w", name, failed)
	}
	if l.bad > 0 {
		return &statusError{status: statusTrouble}
	}
	return nil
}

// auditLog reads a log line by line. It keeps a row for each kind of record, not each
// record, so its memory does not grow with the length of the log.
type auditLog struct {
	name   string
	stderr io.Writer
	rows   map[auditKey]*denied
	order  []*denied

	seccomp, records, lines uint64 // records of seccomp and of other types, other lines
	firstLine               int    // the first of those
	bad                     int    // records of seccomp that cannot be read
	omitted                 uint64 // records beyond mostRows
	lost                    uint64 // records of any type that the kernel left out of its own log
}

// auditKey is what tells rows apart. The process id is not in it: a service that restarts
// would fill the report. Nor are arguments: a record of the kernel's has the
// number of the call and no more (audit_seccomp, kernel/auditsc.c).
type auditKey struct {
	// The command counts, since one report may be about many services; its path does not.
	command, signal string
	audit, nr       uint32
	action          seccomp.Action
}

// read reads all lines. A line that does not fit the buffer is read to its end and passed
// on cut short, with long set. bufio.Scanner would end at such a line, and what comes after
// it in the log would be lost.
func (l *auditLog) read(file io.Reader) error {
	in := bufio.NewReaderSize(file, longestLine)
	for n := 1; ; n++ {
		line, err := in.ReadSlice('\n')
		text := strings.TrimRight(string(line), "\r\n")
		long := errors.Is(err, bufio.ErrBufferFull)
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.ReadSlice('\n')
		}
		if text != "" {
			l.line(n, text, long)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// suppressed matches what the kernel writes where no auditd runs and there were too many
// records for its own log (kauditd_printk_skb, kernel/audit.c). The number is that of the
// records that are missing from this log.
var suppressed = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\bkauditd_printk_skb: (\d+) callbacks suppressed$`) })

// line takes one line into account: a record of seccomp in one of the known forms, a
// record of another type, or a line without a record. The forms of other tools (strace,
// snappy-debug) are tried first: they name no type of record, and would count as lines
// without one.
func (l *auditLog) line(n int, text string, long bool) {
	row, ok, err := otherRecord(text)
	if kind, body := auditType(text); !ok && l.passes(n, text, kind) {
		return
	} else if !ok {
		row, err = parseAudit(body)
	}
	l.seccomp++
	if long {
		err = fmt.Errorf("the line is longer than %d bytes", longestLine)
	}
	if err != nil {
		if l.bad++; l.bad <= mostNamed {
			fmt.Fprintf(l.stderr, "%s:%d: %v\n", l.name, n, err)
		}
		return
	}
	l.keep(row)
}

// passes counts a line that is no record of seccomp, and says whether it was one.
func (l *auditLog) passes(n int, text, kind string) bool {
	switch {
	case kind == "1326" || kind == "SECCOMP": // AUDIT_SECCOMP, include/uapi/linux/audit.h
		return false
	case kind != "":
		l.records++
	case suppressed().MatchString(text):
		n, _ := strconv.ParseUint(suppressed().FindStringSubmatch(text)[1], 10, 32)
		l.lost += n
	case !snappyNext().MatchString(text):
		if l.lines++; l.lines == 1 {
			l.firstLine = n
		}
	}
	return true
}

// keep counts a record. After mostRows kinds a new kind is only counted: whoever writes
// into the log can choose a command's name, and so could make any number of rows.
func (l *auditLog) keep(row *denied) {
	key := auditKey{row.Command, row.Signal, row.Audit, row.Nr, row.Action}
	switch known := l.rows[key]; {
	case known != nil:
		known.Count++
	case len(l.rows) >= mostRows:
		l.omitted++
	default:
		l.rows[key] = row
		l.order = append(l.order, row)
	}
}

// sorted returns the rows, the most frequent first. Rows of equal counts stay in the
// log's order, so that equal logs give equal reports.
func (l *auditLog) sorted() []denied {
	slices.SortStableFunc(l.order, func(a, b *denied) int {
		switch {
		case a.Count > b.Count:
			return -1
		case a.Count < b.Count:
			return 1
		}
		return 0
	})
	rows := make([]denied, len(l.order))
	for i, row := range l.order {
		rows[i] = *row
	}
	return rows
}

// summary says what the report does not show, on standard error: a program that reads the
// report gets rows alone.
func (l *auditLog) summary() {
	say := func(format string, args ...any) { fmt.Fprintf(l.stderr, l.name+": "+format+"\n", args...) }
	if l.bad > mostNamed {
		say("%s of seccomp that cannot be read", counted(l.bad-mostNamed, "more record"))
	}
	if l.omitted > 0 {
		say("%s that differ from the first %d kinds", counted(l.omitted, "record"), mostRows)
	}
	if l.lost > 0 {
		say("the kernel left out %s: counts are too low", counted(l.lost, "record"))
	}
	if l.records > 0 {
		say("%s of other types", counted(l.records, "record"))
	}
	if l.lines > 0 {
		say("%s without an audit record, the first is line %d", counted(l.lines, "line"), l.firstLine)
	}
	if l.seccomp == 0 {
		say("no records of seccomp: they have type=1326 or type=SECCOMP, those of strace --- SIGSYS")
	}
}
