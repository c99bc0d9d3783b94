// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/lint"
)

// lint finds with packages profile and profile/lint, and writes in one of three formats:
// text for people (linttext.go), JSON (finding.go) and SARIF for code scanning (sarif.go).
//
// What a finding is, and how severe, is decided there. The command only chooses what is
// shown and which findings make the exit status 1. Both default so that a
// continuous-integration job needs no flags.
func lintCommand() *cli.Command {
	flags := []*cli.Flag{
		dialectFlag(), effortFlag(),
		{Name: "format", Value: "text", Usage: "write `FORMAT`: text, json, or sarif (2.1.0) for code scanning"},
		{Name: "severity", Value: "info", Usage: "show findings of this `SEVERITY` and worse: info, warning or error"},
		{Name: "fail-on", Value: "warning", Usage: "exit with status 1 on findings of this `SEVERITY` and worse: info, warning or error"},
		{Name: "for", Usage: "hold them to the rules for `USE` too: artifact, for profiles that runtimes pull from a registry"},
		{Name: "fix", Kind: cli.Bool, Usage: "mend what is mechanical in the files, and say what is left; for - write the document to standard output"},
		{Name: "unsafe", Kind: cli.Bool, Usage: "with --fix: mend what changes the meaning too, such as swapped operands"},
	}
	return &cli.Command{
		Name:      "lint",
		Usage:     "say what is wrong with profiles, and what other tools make of them",
		ArgsUsage: "FILE|-|docker...",
		Description: `The dialect is told by what a file holds, unless --dialect says. A finding stands
as file:line:column: severity: message (code); docs/lint.md lists the codes. The
exit status is 0 if there is nothing above info (--fail-on), 1 if there is, and 2
for trouble.

--fix keeps order and formatting. It changes nothing that a program under the
filter could notice, which is proved for the target and for every machine of
archMap, with all capabilities and with none.

Examples:
  sieve lint profile.json
  sieve lint --severity warning --arch arm64 *.json
  sieve lint --format sarif profiles/*.json > sieve.sarif
  sieve lint --for artifact profile.json && spoc push ...
  sieve lint --fix profile.json`,
		Flags:  append(flags, policyFlags()[2:]...),
		Action: lintFiles,
	}
}

// linting is one file with the findings about it, in the order of the document.
type linting struct {
	name     string // as places have it
	text     []byte // nil for Docker's default
	findings []profile.Diagnostic
}

// lintFiles looks at all files, also after trouble with one, and writes the findings that --severity asks
// for. The exit status goes by all findings: hiding them does not make a profile good.
func lintFiles(ctx context.Context, cmd *cli.Command) error {
	if !cmd.Args().Present() {
		return errors.New("lint: want a FILE")
	}
	least, err := severityOf(cmd, "severity")
	if err != nil {
		return err
	}
	fail, err := severityOf(cmd, "fail-on")
	if err != nil {
		return err
	}
	write, err := lintFormat(cmd)
	if err != nil {
		return err
	}
	l := linter{cmd: cmd}
	if err := l.use(); err != nil {
		return err
	}
	if l.target, err = target(cmd); err != nil {
		return err
	}
	if l.options, err = resolveOptions(cmd, l.target); err != nil {
		return err
	}
	l.options = append(l.options, lint.Within(ctx, bounds(cmd)))
	// Trouble with one file is reported after the findings about the others.
	list, trouble := l.files(cmd.Args().Slice())
	worst := profile.Severity(0)
	for i := range list {
		for _, d := range list[i].findings {
			worst = max(worst, d.Severity)
		}
		list[i].findings = slices.DeleteFunc(list[i].findings, func(d profile.Diagnostic) bool { return d.Severity < least })
	}
	out := cmd.Root().Writer
	if l.fixed {
		out = cmd.Root().ErrWriter // the document has standard output
	}
	if err := write(out, list); err != nil {
		return err
	}
	switch {
	case trouble != nil:
		return trouble
	case worst >= fail:
		return &statusError{statusNo, nil}
	}
	return nil
}

// severityOf is the severity that a flag says, by the words in which findings show it.
func severityOf(cmd *cli.Command, flag string) (profile.Severity, error) {
	said := cmd.String(flag)
	for s := profile.Info; s <= profile.Failure; s++ {
		if s.String() == said {
			return s, nil
		}
	}
	return 0, fmt.Errorf("--%s: %w", flag, unknownWord("severity", said, "info", "warning", "error"))
}

// lintFormat is the writer for --format. An unknown format is refused before a file is read.
func lintFormat(cmd *cli.Command) (func(io.Writer, []linting) error, error) {
	switch format := cmd.String("format"); format {
	case "text":
		return func(w io.Writer, list []linting) error { return inputsOf(cmd).lintText(w, list) }, nil
	case "json":
		return lintJSON, nil
	case "sarif":
		return lintSARIF, nil
	default:
		return nil, fmt.Errorf("--format: %w", unknownWord("format", format, "text", "json", "sarif"))
	}
}
