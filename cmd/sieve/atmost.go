// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/artifact"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// prove --at-most decides whether a profile, a filter or what a process runs under is at most
// as permissive as a baseline (proof.AtMost), for one machine or several. What it is looser in
// is shown as diff shows what was opened (reviewtext.go): the baseline is "-", the profile "+".
//
// Two documents of Docker's family are also compared in the flags that loosen what a baseline
// has. What else a node asks of a profile that it did not write, such as to name no listener,
// is package baseline's.

// atMostFlags are the flags that only --at-most has.
func atMostFlags() []*cli.Flag {
	return []*cli.Flag{
		{Name: "at-most", Usage: "prove that the PROFILE is at most as permissive as `BASELINE`, each a profile or a filter"},
		{Name: "format", Value: "text", Usage: "with --at-most: write `FORMAT`: text or json"},
		{Name: "limit", Kind: cli.Int, Value: "1000", Usage: "with --at-most: show at most `N` sets for a machine, 0 for all", Check: notNegative},
	}
}

// heldTo is the verdict for one machine.
type heldTo struct {
	machine string
	compared
	has, lacks seccomp.Flags // flags in which the profile is looser
	err        error         // why it is undecided
}

// looser says whether there is something in which the profile is looser.
func (h *heldTo) looser() bool { return len(h.Changes) > 0 || h.has|h.lacks != 0 }

// atMost asks for each machine of --arch. The status is 1 if there is a call for which the
// profile is looser, and else 2 if there may be one.
func atMost(ctx context.Context, cmd *cli.Command) error {
	write, ok := map[string]func(*cli.Command, []heldTo) error{"text": atMostText, "json": atMostJSON}[cmd.String("format")]
	if !ok {
		return fmt.Errorf("--format: %w", unknownWord("format", cmd.String("format"), "text", "json"))
	}
	if cmd.Bool("trace") {
		return errors.New("prove: --trace is not for --at-most, which shows calls")
	}
	machines := strings.Split(cmd.String("arch"), ",")
	stdin := 0
	for _, name := range []string{cmd.String("at-most"), cmd.String("profile"), cmd.Args().First()} {
		if name == "-" {
			stdin += len(machines)
		}
	}
	if stdin > 1 {
		return errors.New("prove: standard input is read once: for one side, and one --arch")
	}
	var list []heldTo
	looser, undecided := false, error(nil)
	for _, machine := range machines {
		one := cmd
		if len(machines) > 1 {
			if machine == "" {
				return errors.New("--arch: a list of ABIs has an empty name")
			}
			one = cmd.With("arch", machine)
		}
		h, err := held(ctx, one)
		if err != nil {
			return err
		}
		looser = looser || h.looser()
		undecided = errors.Join(undecided, h.err)
		list = append(list, *h)
	}
	if err := write(cmd, list); err != nil {
		return err
	}
	if looser {
		return &statusError{statusNo, undecided}
	}
	return undecided
}

// held compares for one machine.
func held(ctx context.Context, cmd *cli.Command) (*heldTo, error) {
	abi, err := archOf(cmd)
	if err != nil {
		return nil, err
	}
	a, err := oneSide(cmd, "a", cmd.String("at-most"))
	if err != nil {
		return nil, err
	}
	b, err := profileToHold(ctx, cmd)
	if err != nil {
		return nil, err
	}
	r, failed := review.New(made(abi, proof.Looser(b.Of(), a.Of(), within(ctx, cmd))), a.Side, b.Side, cmd.Int("limit"))
	h := &heldTo{machine: abi.String(), compared: compared{a, b, r, failed != nil}, err: failed}
	if a.doc != nil && b.doc != nil && a.doc.Profile() != nil && b.doc.Profile() != nil {
		h.has, h.lacks = artifact.Looser(b.doc.InstallFlags(artifact.All), a.doc.InstallFlags(artifact.All))
	}
	return h, nil
}

// profileToHold is what is held to the baseline: an argument, or what --profile, --filter or
// --pid says.
func profileToHold(ctx context.Context, cmd *cli.Command) (b operand, err error) {
	pid, running := pidOf(cmd)
	given := cmd.Args().Len()
	for _, flag := range []string{"profile", "filter", "pid"} {
		if cmd.IsSet(flag) {
			given++
		}
	}
	switch {
	case given != 1:
		return b, errors.New("prove: --at-most BASELINE wants one PROFILE, or one of --profile, --filter and --pid")
	case running:
		b.name = fmt.Sprintf("process %d", pid)
		b.Filter, err = seccomp.Installed(ctx, pid)
		return b, err
	case cmd.IsSet("filter"):
		b.name = shown(cmd.String("filter"))
		b.Filter, err = readFilter(cmd, cmd.String("filter"))
		return b, err
	case cmd.IsSet("profile"):
		return oneSide(cmd, "b", cmd.String("profile"))
	}
	return oneSide(cmd, "b", cmd.Args().First())
}

// made are the sets of calls that a machine can make, with the baseline's answer as A, as
// package review takes it.
func made(machine arch.Arch, sets iter.Seq2[proof.Difference, error]) iter.Seq2[proof.Difference, error] {
	return func(yield func(proof.Difference, error) bool) {
		for d, err := range sets {
			if err == nil && d.ABI.Valid() && !slices.Contains(artifact.Runs(machine), d.ABI) {
				continue
			}
			d.A, d.B = d.B, d.A
			if !yield(d, err) {
				return
			}
		}
	}
}

// atMostText writes what is looser, by machine if there are several. Proved is no line, as
// for every proof.
func atMostText(cmd *cli.Command, list []heldTo) error {
	for i := range list {
		h := &list[i]
		if !h.looser() {
			continue
		}
		if len(list) > 1 {
			if _, err := fmt.Fprintf(cmd.Root().Writer, "on %s:\n", h.machine); err != nil {
				return err
			}
		}
		if err := h.text(cmd); err != nil {
			return err
		}
	}
	return nil
}

// text writes what is looser on one machine.
func (h *heldTo) text(cmd *cli.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "--- %s\n+++ %s\n", printable(h.a.name), printable(h.b.name))
	for _, block := range blocks(h.Changes) {
		fmt.Fprintf(&b, "\n%s: looser than the baseline\n", strings.Join(block.abis, ", "))
		for i := range block.rows {
			block.rows[i].text(&b)
		}
	}
	if h.has|h.lacks != 0 {
		b.WriteString("\nflags: looser than the baseline\n")
	}
	if h.has != 0 {
		fmt.Fprintf(&b, "    + %v  takes a mitigation away\n", h.has)
	}
	if h.lacks != 0 {
		fmt.Fprintf(&b, "    - %v  writes to the audit log\n", h.lacks)
	}
	if more := h.unfinished(); more != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimPrefix(more, "; "))
	}
	_, err := io.WriteString(cmd.Root().Writer, b.String())
	return err
}

// atMostDocument is what --at-most --format json writes. Its fields are an interface: some may
// be added, none renamed. In changes a is the baseline's answer and b the profile's.
type atMostDocument struct {
	Baseline string          `json:"baseline"`
	Profile  string          `json:"profile"`
	AtMost   bool            `json:"atMost"` // proved, for all machines
	Machines []atMostMachine `json:"machines"`
}

type atMostMachine struct {
	Arch     string         `json:"arch"`
	AtMost   bool           `json:"atMost"`
	Complete bool           `json:"complete"` // false if there may be more changes
	Error    string         `json:"error,omitempty"`
	Has      []string       `json:"hasFlags,omitempty"`   // that the baseline lacks and that loosen it
	Lacks    []string       `json:"lacksFlags,omitempty"` // that the baseline has
	Changes  []reviewChange `json:"changes"`
}

// atMostJSON writes the verdicts for programs. No list is null.
func atMostJSON(cmd *cli.Command, list []heldTo) error {
	doc := atMostDocument{Baseline: list[0].a.name, Profile: list[0].b.name, AtMost: true}
	for i := range list {
		h := &list[i]
		m := atMostMachine{Arch: h.machine, AtMost: !h.looser() && h.err == nil, Complete: !h.More && h.err == nil, Changes: []reviewChange{}}
		if h.looser() {
			m.Has, m.Lacks = artifact.Words(h.has), artifact.Words(h.lacks)
		}
		if h.err != nil {
			m.Error = h.err.Error()
		}
		for c := range h.Changes {
			m.Changes = append(m.Changes, newReviewChange(&h.Changes[c]))
		}
		doc.AtMost = doc.AtMost && m.AtMost
		doc.Machines = append(doc.Machines, m)
	}
	return indented(cmd.Root().Writer, doc)
}
