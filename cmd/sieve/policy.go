// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/document"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// compiled is a policy's filter, proved unless --no-prove says otherwise. The proof is a
// check on this program's own compiler, so it is on by default.
func compiled(ctx context.Context, cmd *cli.Command, p *seccomp.Policy) (seccomp.Filter, error) {
	if cmd.Bool("no-prove") {
		return p.Compile(within(ctx, cmd))
	}
	return proof.Compile(p, within(ctx, cmd))
}

// detailed adds to a Mesos agent's message where it is and what would mend it. The
// message itself comes word for word, so that it can be found in an agent's log.
func detailed(err error) error {
	var e *document.Refusal
	if !errors.As(err, &e) {
		return err
	}
	text := ""
	if place := e.Place.String(); place != "" {
		text += "\n  at " + place
	}
	return fmt.Errorf("%w%s%s", err, text, fix(err))
}

// answers refuses a mode of --enosys that the dialect's tools do not have: the filter
// would answer calls with ENOSYS that the tool's own filter treats as the document says.
func answers(cmd *cli.Command, p *dialect.Document) error {
	if !cmd.IsSet("enosys") || cmd.String("enosys") == "off" {
		return nil
	}
	switch p.Dialect() {
	// Their tools add no answers of their own for calls that a document does not know.
	case profile.Systemd, profile.Minijail, profile.Firecracker:
		return errors.New("--enosys: the tools of this dialect answer as the document says, want off")
	}
	return nil
}

// resolve makes the policy of a document for a target, and writes its warnings, also where it
// comes back with an error: some of them explain it.
func resolve(cmd *cli.Command, p *dialect.Document, t profile.Target) (*seccomp.Policy, error) {
	options, err := resolveOptions(cmd, t)
	if err != nil {
		return nil, err
	}
	if err := answers(cmd, p); err != nil {
		return nil, err
	}
	policy, diagnostics, err := p.Resolve(t, options...)
	report(cmd, diagnostics)
	return policy, detailed(err)
}

// resolveOptions are what --enosys, --written, --args and --strict say. An unknown word
// is an error here, before a document is read.
func resolveOptions(cmd *cli.Command, t profile.Target) ([]profile.Option, error) {
	var options []profile.Option
	switch mode := cmd.String("enosys"); mode {
	case "": // as the dialect's tool does
	case "runc":
		options = append(options, profile.ENOSYSRunc)
	case "off":
		options = append(options, profile.ENOSYSOff)
	case "known":
		// A profile without a date is taken to know all calls of the target's kernel.
		written := t.Kernel
		if cmd.IsSet("written") {
			var err error
			if written, err = kernelOf(cmd, "written"); err != nil {
				return nil, err
			}
		}
		options = append(options, profile.ENOSYSKnown(written))
	default:
		return nil, fmt.Errorf("--enosys: %w", unknownWord("mode", mode, "runc", "known", "off"))
	}
	switch width := cmd.String("args"); width {
	case "wide":
	case "narrow":
		options = append(options, profile.Narrow)
	default:
		return nil, fmt.Errorf("--args: %w", unknownWord("width", width, "wide", "narrow"))
	}
	if cmd.Bool("strict") {
		options = append(options, profile.Strict)
	}
	return options, nil
}

// report writes the first warnings, with the lines that they are about. Errors come back as such, and
// notes are for lint alone: they are about what is as it should be, and a command that compiles
// would bury its own output.
func report(cmd *cli.Command, diagnostics []profile.Diagnostic) {
	warnings := slices.DeleteFunc(slices.Clone(diagnostics), func(d profile.Diagnostic) bool { return d.Severity != profile.Warning })
	for i, d := range warnings {
		if i == mostErrors && len(warnings) > mostErrors+1 {
			fmt.Fprintf(cmd.Root().ErrWriter, "sieve: %s: \"sieve lint\" writes all\n", counted(len(warnings)-i, "more warning"))
			return
		}
		inputsOf(cmd).tell(cmd.Root().ErrWriter, d)
	}
}
