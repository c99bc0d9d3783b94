// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// decompile goes from a program to a policy (proof.Decompile, which proves the two equal)
// and from there to a document. Names of calls are those of the ABI that the program asks
// for. Numbers without a name stay numbers, which only the format rules can write.
//
// Finding the policy may exceed the bounds of --effort; the answer is then an error with exit
// status 2, and never a guess.
func decompileCommand() *cli.Command {
	return &cli.Command{
		Name:      "decompile",
		Usage:     "find the profile that a raw filter means",
		ArgsUsage: "FILE|-",
		Description: `Works on filters made by anyone. The result means exactly what the filter does,
which is proved. json is a docker profile; where that dialect cannot say it, the
error lists what it cannot. rules are a policy's rules as they are evaluated.

Examples:
  sieve decompile --arch amd64 filter.bpf
  sieve decompile --format rules --pid 4711`,
		Flags: append([]*cli.Flag{archFlag(), effortFlag(),
			{Name: "format", Value: "json", Usage: "write `FORMAT`: json or rules"}}, pidFlags()...),
		Action: decompile,
	}
}

// decompile chooses how to write before it works: finding the policy can take seconds.
func decompile(ctx context.Context, cmd *cli.Command) error {
	var write func(*cli.Command, *seccomp.Policy) (string, error)
	switch format := cmd.String("format"); format {
	case "json":
		write = asDocument
	case "rules":
		write = asRules
	default:
		return fmt.Errorf("--format: %w", unknownWord("format", format, "json", "rules"))
	}
	filter, err := decompiled(ctx, cmd)
	if err != nil {
		return err
	}
	policy, err := proof.Decompile(filter, within(ctx, cmd))
	if err != nil {
		return err
	}
	text, err := write(cmd, policy)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(cmd.Root().Writer, text)
	return err
}

// decompiled is the filter of a file or of a process. A process without a filter is an
// error: the policy that allows all would look like a finding.
func decompiled(ctx context.Context, cmd *cli.Command) (seccomp.Filter, error) {
	if pid, ok := pidOf(cmd); ok {
		if cmd.Args().Present() {
			return nil, errors.New("decompile: --pid and FILE exclude each other")
		}
		// The filters of a process are a stack, of which the one installed first comes
		// first.
		filter, err := seccomp.Installed(ctx, pid)
		if err == nil && len(filter) == 0 {
			err = fmt.Errorf("decompile: process %d has no filter", pid)
		}
		return filter, err
	}
	if cmd.Args().Len() != 1 {
		return nil, errors.New("decompile: want one FILE, or - for standard input")
	}
	return readFilter(cmd, cmd.Args().First())
}

// asDocument writes a policy as a docker profile. Filters do not say whether they were
// made by a runtime that answers new calls with ENOSYS. If runc would add such answers
// that the filter does not have, a warning says so: the document is right for readers
// without them.
func asDocument(cmd *cli.Command, policy *seccomp.Policy) (string, error) {
	p, mode, err := document.FromPolicy(policy)
	if err != nil {
		return "", detailed(err)
	}
	if mode == profile.ENOSYSOff && addsENOSYS(policy.Default) {
		fmt.Fprintln(cmd.Root().ErrWriter, "sieve: the profile means what the filter does with --enosys off: runc would answer ENOSYS above the highest call that it names")
	}
	text, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "\t"); err != nil {
		return "", err
	}
	return b.String() + "\n", nil
}

// addsENOSYS says whether runc adds answers of ENOSYS to a profile with that default
// action. runc adds none where the default lets a call run or asks a tracer.
func addsENOSYS(standard seccomp.Action) bool {
	switch standard.Kind() {
	case seccomp.Allow, seccomp.Log, seccomp.Trace(0):
		return false
	}
	return true
}

// asRules writes a policy for people, a rule a line, in the order in which rules are
// tried:
//
//	ABIs [x86_64 x86 x32], others KILL_THREAD, default ERRNO(1)
//	ALLOW if argument 0 GE 0x7 and argument 0 LE 0xa: socket
func asRules(_ *cli.Command, policy *seccomp.Policy) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "ABIs %v, others %v, default %v\n", policy.Arches, policy.BadArch, policy.Default)
	for i := range policy.Rules {
		r := &policy.Rules[i]
		b.WriteString(r.Action.String())
		for i, a := range r.Args {
			word := "if"
			if i > 0 {
				word = "and"
			}
			fmt.Fprintf(&b, " %s argument %d %s", word, a.Index, condition(a))
		}
		if len(r.Arches) > 0 {
			fmt.Fprintf(&b, " on %v", r.Arches)
		}
		b.WriteByte(':')
		for _, name := range r.Syscalls {
			b.WriteString(" " + name)
		}
		for _, n := range r.Numbers {
			b.WriteString(" " + strconv.FormatUint(uint64(n.From), 10))
			if n.To > n.From {
				fmt.Fprintf(&b, "..%d", n.To)
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// condition is one condition as people write it: "LE 0x2", "& 0x7e020000 = 0x0". The mask
// of MaskedEQ stands before the comparison, as in C.
func condition(a seccomp.Arg) string {
	text := fmt.Sprintf("%v %#x", a.Op, a.Value)
	if a.Op == seccomp.MaskedEQ {
		text = fmt.Sprintf("& %#x = %#x", a.Mask, a.Value)
	}
	if a.Narrow {
		text += " (low 32 bits)"
	}
	return text
}
