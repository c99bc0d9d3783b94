// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
)

// explainFlags are run's own. Each implies --explain, so that none is ever without effect.
func explainFlags() []*cli.Flag {
	return []*cli.Flag{
		{Name: "explain", Kind: cli.Bool, Usage: "report the calls that the profile denied or logged, when the command has ended"},
		{Name: "trace", Kind: cli.Bool, Usage: "with --explain: trace the command, to name calls that kill or trap too"},
		{Name: "report", Usage: "with --explain: write the report to `FILE`, a JSON object a line; - is standard output"},
	}
}

// explaining says whether a report is asked for, which the other flags imply.
func explaining(cmd *cli.Command) bool {
	return cmd.Bool("explain") || cmd.Bool("trace") || cmd.IsSet("report")
}

// report writes what the profile denied: to standard error, or to the file of --report.
// It says what it could not see, since silence would read as "denied nothing".
func (c *confined) report(cmd *cli.Command) error {
	if c.Supervise == nil {
		return nil
	}
	rows, unnamed, err := c.rows(cmd)
	if err != nil {
		return err
	}
	w := cmd.Root().ErrWriter
	if uses(c.policy, seccomp.Trace(0)) {
		// Who traces the calls, a child of the command's own perhaps, cannot be told
		// from here: carried out by the supervisor they might get another answer.
		defer fmt.Fprintln(w, "sieve: calls that the profile answers with TRACE are not seen: without a tracer they fail with ENOSYS")
	}
	if name := cmd.String("report"); name != "" {
		if name == "-" {
			return writeDenied(cmd.Root().Writer, "json", rows)
		}
		return writeDenialFile(name, rows)
	}
	if len(rows) == 0 && !unnamed {
		nothing := "sieve: the profile denied nothing"
		if uses(c.policy, seccomp.Trace(0)) {
			nothing = "sieve: nothing that the profile denied was seen"
		}
		_, err := fmt.Fprintln(w, nothing)
		return err
	}
	if err := writeDenied(w, "text", rows); err != nil {
		return err
	}
	if n := c.DenialsOmitted(); n > 0 {
		fmt.Fprintf(w, "sieve: %d more denied calls are not listed\n", n)
	}
	if unnamed {
		fmt.Fprintln(w, "sieve: a call killed the command or sent it SIGSYS: --trace names it")
	}
	return nil
}

// writeDenialFile replaces the file of --report as a whole, so that a reader never sees
// half of it.
func writeDenialFile(name string, rows []denied) error {
	var b bytes.Buffer
	if err := writeDenied(&b, "json", rows); err != nil {
		return err
	}
	return replaceFile(name, b.Bytes())
}

// maxChanges is for how many rows, those with the most calls, a change is looked for.
// Each search resolves changed documents, and a command that makes any number of
// different calls must not keep sieve busy after its end.
const maxChanges = 100

// rows are the denied calls, the most frequent first. unnamed says that a filter's signal
// was seen of which nothing else is known: only a tracer sees the call that kills.
func (c *confined) rows(cmd *cli.Command) (rows []denied, unnamed bool, err error) {
	list := c.Denials()
	slices.SortStableFunc(list, func(a, b launch.Denial) int { return cmp.Compare(b.Count, a.Count) })
	options, err := resolveOptions(cmd, c.target)
	if err != nil {
		return nil, false, err
	}
	for i := range list {
		d := &list[i]
		// The supervisor saw the signal, and without a tracer not the call.
		if d.Signal != nil && d.Call == (seccomp.Call{}) {
			unnamed = true
			continue
		}
		row := denied{
			Count: uint64(d.Count), PID: d.PID, ABI: d.Arch, Audit: d.Call.Audit, Nr: d.Call.Nr, Args: d.Args,
			Action: d.Decision.Action, Carries: true, Rule: decidedBy(c.policy, d.Decision),
		}
		if d.Signal != nil {
			row.Signal = "SIGSYS"
		}
		switch kind := d.Decision.Action.Kind(); {
		case kind == seccomp.Allow:
			row.Action = seccomp.Errno(eBusy)
			row.Rule = "--explain: the kernel allows one listener"
		case i < maxChanges && kind != seccomp.Log:
			changes, err := c.profile.Changes(c.target, d.Call, options...)
			if err != nil {
				return nil, false, err
			}
			if len(changes) > 0 {
				row.Change = &changes[0]
			}
		}
		rows = append(rows, row)
	}
	return rows, unnamed, nil
}

// eBusy is EBUSY, 16 on every ABI (asm-generic/errno-base.h).
const eBusy = 16
