// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/page"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// report brings together what other commands say about a profile, on one page for people who
// review it: the answer for every call (eval), the rules behind it (explain), what changed
// (diff), what it leaves open (audit), what is found (lint), and the filter (compile). Package page makes the page; this file reads what it is
// about.
//
// A filter without a profile is decompiled, and the page shows the policy that it means.
func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "write a web page about a profile or a filter",
		ArgsUsage: "FILE|-|docker",
		Description: `FILE is a profile, a raw filter, docker for Docker's default, or - for standard
input; what it holds is found by looking. The page is one file that needs no
network: every call with its answer and its rules, what lint finds, the filter
and what it costs, and the document.

With --against it begins with what changed since an older profile or filter: the
calls that FILE opens, those that it closes, and the rules on both sides.

--arch may name several machines: --arch amd64,arm64. Without it the page is for
the host's. The same input gives the same bytes.

Examples:
  sieve report docker -o report.html
  sieve report --arch amd64,arm64,s390x -o report.html profile.json
  sieve report --against old.json -o review.html new.json`,
		Flags: append(reportFlags(), proveFlag(), effortFlag(),
			&cli.Flag{Name: "against", Usage: "show what changed since `OTHER`, a profile or a filter"},
			&cli.Flag{Name: "against-dialect", Value: "auto", Usage: "read OTHER as `DIALECT`"},
			&cli.Flag{Name: "o", Usage: "write to `FILE`, - for standard output", DefaultText: "-, unless that is a terminal"}),
		Action: writePage,
	}
}

// reportFlags are those of a policy, but that --arch may name several machines. The file is an
// argument and needs no --profile.
func reportFlags() []*cli.Flag {
	flags := policyFlags()[1:]
	for i, f := range flags {
		if f.Name == "arch" {
			flags[i] = &cli.Flag{Name: "arch", Kind: cli.List, Usage: "for these machines (`ARCH`), in any spelling: amd64, x86_64, SCMP_ARCH_X86_64", DefaultText: "the host's"}
		}
	}
	return flags
}

// writePage refuses a terminal before it reads: nobody wants to see a page's source there.
func writePage(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return errors.New("report: want one FILE, docker or -")
	}
	out := cmd.String("o")
	if out == "" && isTerminal(cmd.Root().Writer) {
		return errors.New("report: a page is not for a terminal: -o FILE writes it to a file, -o - here all the same")
	}
	subject, err := subjectOf(ctx, cmd, cmd.Args().First())
	if err != nil {
		return err
	}
	if cmd.IsSet("against") {
		if subject.Against, err = against(cmd, cmd.String("against"), subject.Machines); err != nil {
			return err
		}
	}
	subject.Options = []seccomp.Option{within(ctx, cmd)}
	p, err := page.New(subject)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		return err
	}
	if out == "" || out == "-" {
		_, err := cmd.Root().Writer.Write(b.Bytes())
		return err
	}
	return replaceFile(out, b.Bytes())
}

// subjectOf reads what a page is about: a document, or a filter (as side does).
func subjectOf(ctx context.Context, cmd *cli.Command, name string) (*page.Subject, error) {
	targets, err := targets(cmd)
	if err != nil {
		return nil, err
	}
	in, err := readInput(cmd, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		filter, err := readStack(cmd, name)
		return filterSubject(ctx, cmd, name, filter, err)
	case err != nil:
		return nil, err
	case filterLike(in.text):
		filter, err := decodeFilter(cmd, name, in.text)
		return filterSubject(ctx, cmd, name, filter, err)
	}
	in.wants = "a profile or a raw filter"
	return documentSubject(ctx, cmd, in, targets)
}

// targets are the machines of --arch, each once.
func targets(cmd *cli.Command) ([]profile.Target, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	names := cmd.Strings("arch")
	if len(names) == 0 {
		return []profile.Target{t}, nil
	}
	var list []profile.Target
	for _, name := range names {
		if t.Arch, err = arch.Parse(name); err != nil {
			return nil, fmt.Errorf("--arch: %w", err)
		}
		if !slices.ContainsFunc(list, func(o profile.Target) bool { return o.Arch == t.Arch }) {
			list = append(list, t)
		}
	}
	return list, nil
}

// filterSubject is a filter with the policy that it means. The machine is that of the first ABI
// that it asks for.
func filterSubject(ctx context.Context, cmd *cli.Command, name string, filter seccomp.Filter, err error) (*page.Subject, error) {
	if err != nil {
		return nil, err
	}
	policy, err := proof.Decompile(filter, within(ctx, cmd))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", shown(name), err)
	}
	if len(policy.Arches) == 0 {
		return nil, fmt.Errorf("%s: the filter gives every call %v, whatever its ABI", shown(name), policy.BadArch)
	}
	t := profile.Target{Arch: policy.Arches[0]}
	return &page.Subject{Name: shown(name), Machines: []page.Machine{{Target: t, Policy: policy, Filter: filter}}}, nil
}

// documentSubject is a document on each machine. What is found on several is said once.
func documentSubject(ctx context.Context, cmd *cli.Command, in *input, targets []profile.Target) (*page.Subject, error) {
	doc, err := in.document(cmd, "dialect")
	if err != nil {
		return nil, err
	}
	if err := answers(cmd, doc); err != nil {
		return nil, err
	}
	s := &page.Subject{Name: in.name, Dialect: doc.Dialect(), Text: in.text}
	for _, t := range targets {
		options, err := resolveOptions(cmd, t)
		if err != nil {
			return nil, err
		}
		policy, _, err := doc.Resolve(t, options...)
		if err != nil {
			return nil, detailed(err)
		}
		filter, err := compiled(ctx, cmd, policy)
		if err != nil {
			return nil, unproved(err)
		}
		s.Machines = append(s.Machines, page.Machine{Target: t, Policy: policy, Filter: filter})
		l := linter{cmd: cmd, target: t, options: options}
		found, err := l.input(in)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			if !slices.ContainsFunc(s.Findings, func(o profile.Diagnostic) bool { return o.String() == d.String() }) {
				s.Findings = append(s.Findings, d)
			}
		}
	}
	slices.SortStableFunc(s.Findings, byPlace)
	return s, nil
}

// against is the older side of a page, for the same machines: a document is resolved for each of
// them, and a filter is the same on all.
func against(cmd *cli.Command, name string, machines []page.Machine) (*page.Against, error) {
	in, err := readInput(cmd, name)
	var filter seccomp.Filter
	switch {
	case errors.Is(err, fs.ErrNotExist):
		filter, err = readStack(cmd, name)
	case err == nil && filterLike(in.text):
		filter, err = decodeFilter(cmd, name, in.text)
	}
	if err != nil {
		return nil, err
	}
	out := &page.Against{Name: shown(name)}
	var doc *dialect.Document
	if filter == nil {
		in.wants = "a profile or a raw filter"
		out.Name = in.name
		if doc, err = in.document(cmd, "against-dialect"); err != nil {
			return nil, err
		}
	}
	for i := range machines {
		side := review.Side{Filter: filter}
		if doc != nil {
			options, err := resolveOptions(cmd, machines[i].Target)
			if err != nil {
				return nil, err
			}
			if side.Policy, _, err = doc.Resolve(machines[i].Target, options...); err != nil {
				return nil, detailed(err)
			}
		}
		out.Sides = append(out.Sides, side)
	}
	return out, nil
}
