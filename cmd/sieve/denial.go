// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// denied is a call that a filter did not simply allow: a row of a report. Rows come from
// a log (auditlog.go, strace.go), where arguments and data may be unknown, from run
// --explain, which knows all, and from explain, which asks about one call.
type denied struct {
	Count   uint64
	Command string // "" where it is not known
	Exe     string
	PID     int
	ABI     arch.Arch // 0 if Audit is the token of none
	Audit   uint32
	Nr      uint32
	Args    []string // as texts; nil where they are not known
	Action  seccomp.Action
	Carries bool // Action's data is known too
	// BySignal: only the signal is known, which Action's kind or a stricter sends.
	BySignal bool
	Signal   string // "SIGSYS"; "" for none
	Rule     string // what decided, for people; "" where no profile was asked
	Change   *grant.Change
}

// call is the call's name, or its number where it has none, with its arguments if
// they are known.
func (d *denied) call() string {
	text := nameOf(d.ABI, d.Nr)
	if d.Args != nil {
		text += "(" + strings.Join(d.Args, ", ") + ")"
	}
	return text
}

// nameOf is a call's name on an ABI, or "number 999" if no table has one.
func nameOf(abi arch.Arch, nr uint32) string {
	if name, ok := abi.Name(nr); ok {
		return name
	}
	return fmt.Sprintf("number %d", nr)
}

// abi is the ABI's name, or the token of an ABI that is not known.
func (d *denied) abi() string {
	if d.ABI.Valid() {
		return d.ABI.String()
	}
	return fmt.Sprintf("%#x", d.Audit)
}

// writeDenied writes a report: for people a line for each row under a head, or an object
// a line as JSON. Columns that no row fills are left out, since a log without commands
// would have an empty one. Without rows, nothing is written at all.
func writeDenied(w io.Writer, format string, rows []denied) error {
	if format == "json" {
		return writeDeniedJSON(w, rows)
	}
	columns := []struct {
		title string
		of    func(*denied) string
	}{
		{"COUNT", func(d *denied) string { return fmt.Sprint(d.Count) }},
		{"COMMAND", func(d *denied) string { return d.Command }},
		{"CALL", (*denied).call},
		{"ABI", (*denied).abi},
		{"RESULT", func(d *denied) string { return inWords(d.ABI, d.Action, d.Carries) }},
		{"SIGNAL", func(d *denied) string { return d.Signal }},
		{"RULE", func(d *denied) string { return d.Rule }},
		{"TO ALLOW IT", func(d *denied) string { return changeText(d.Change) }},
	}
	lines := make([][]string, len(rows)+1)
	for _, c := range columns {
		filled := false
		for i := range rows {
			filled = filled || c.of(&rows[i]) != ""
		}
		if !filled {
			continue
		}
		lines[0] = append(lines[0], c.title)
		for i := range rows {
			text := c.of(&rows[i])
			if text == "" {
				text = "-"
			}
			lines[i+1] = append(lines[i+1], text)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	// Columns are padded with two spaces, and no tabs reach the output: it looks the same
	// at all tab widths.
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, line := range lines {
		fmt.Fprintln(table, strings.Join(line, "\t"))
	}
	return table.Flush()
}

// changeText is a change as a column shows it; empty where none is known.
func changeText(c *grant.Change) string {
	if c == nil {
		return ""
	}
	return c.Text
}

// deniedJSON is a row as JSON. Its names and types are an interface: fields may be added,
// and none may change. action is for people, value is the number that the filter returns.
type deniedJSON struct {
	Count   uint64      `json:"count"`
	Command string      `json:"command,omitempty"`
	Exe     string      `json:"exe,omitempty"`
	PID     int         `json:"pid,omitempty"`
	Call    string      `json:"call,omitempty"`
	Nr      uint32      `json:"nr"`
	Arch    string      `json:"arch,omitempty"`
	Audit   uint32      `json:"audit"`
	Args    []string    `json:"args,omitempty"`
	Action  string      `json:"action"`
	Value   uint32      `json:"value"`
	Signal  string      `json:"signal,omitempty"`
	Rule    string      `json:"rule,omitempty"`
	Change  *changeJSON `json:"change,omitempty"`
}

// changeJSON is a change to a profile as JSON: what kind, in words, the text to insert,
// and where.
type changeJSON struct {
	Kind  grant.Kind `json:"kind"`
	Text  string     `json:"text"`
	JSON  string     `json:"json,omitempty"`
	Place string     `json:"place,omitempty"`
}

// newChangeJSON is a change as a field; nil, which leaves the field out, where none is known.
func newChangeJSON(c *grant.Change) *changeJSON {
	if c == nil {
		return nil
	}
	return &changeJSON{c.Kind, c.Text, c.JSON, c.Place.String()}
}

// writeDeniedJSON writes an object a line. What is not known is left out, and an action
// whose data is not known has none: "ERRNO" and not "ERRNO(0)".
func writeDeniedJSON(w io.Writer, rows []denied) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for i := range rows {
		d := &rows[i]
		row := deniedJSON{
			Count: d.Count, Command: d.Command, Exe: d.Exe, PID: d.PID, Nr: d.Nr, Audit: d.Audit, Args: d.Args,
			Action: d.Action.String(), Value: uint32(d.Action), Signal: d.Signal, Rule: d.Rule, Change: newChangeJSON(d.Change),
		}
		// Cut "ERRNO(0)" to "ERRNO": an errno of 0 would claim that the call succeeds.
		if !d.Carries {
			row.Action, _, _ = strings.Cut(row.Action, "(")
		}
		row.Call, _ = d.ABI.Name(d.Nr)
		if d.ABI.Valid() {
			row.Arch = d.ABI.String()
		}
		if err := e.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

// inWords says what an action does to the call. The data of the action counts if carries
// is set.
func inWords(abi arch.Arch, a seccomp.Action, carries bool) string {
	switch a.Kind() {
	case seccomp.KillProcess:
		return "kills the process"
	case seccomp.KillThread:
		return "kills the thread"
	case seccomp.Trap(0):
		return "sends SIGSYS"
	case seccomp.Errno(0):
		return failure(abi, a.Data(), carries)
	case seccomp.Notify:
		return "asks the supervisor"
	case seccomp.Trace(0):
		return "asks the tracer"
	case seccomp.Log:
		return "is allowed and logged"
	case seccomp.Allow:
		return "is allowed"
	}
	return fmt.Sprintf("action %#x", uint32(a))
}

// failure says how a call fails with an errno. Names of errnos are the ABI's: 38 is
// ENOSYS on most ABIs and not on MIPS. An errno of 0 skips the call, which then seems to
// have succeeded.
func failure(abi arch.Arch, errno uint16, carries bool) string {
	switch name := argument.Errno(abi, errno); {
	case !carries:
		return "fails with an errno"
	case errno == 0:
		return "is skipped, and returns 0"
	case name != "":
		return "fails with " + name
	}
	return fmt.Sprintf("fails with errno %d", errno)
}
