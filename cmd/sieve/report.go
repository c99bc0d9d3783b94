// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/page"
)

// report brings together what other commands say about a profile, on one page for people who
// review it: the answer for every call (eval), the rules behind it (explain), what changed
// (diff), what it leaves open (audit), what is found (lint), and the filter (compile). What the
// page is about is read in subject.go, and package page makes it.
//
// A filter without a profile is decompiled, and the page shows the policy that it means.
func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "write a web page about a profile or a filter",
		ArgsUsage: "FILE|-|docker",
		Description: `FILE is a profile, a raw filter, docker for Docker's default, or - for standard
input; what it holds is found by looking. The page is one file that needs no
network: every call with its answer and its rules, which known attacks are left
open (audit), what lint finds, the filter as a picture and what it costs, and the
document.

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
	if w := cmd.Root().Writer; out == "" && isTerminal(w) && !isNull(w) {
		return errors.New("report: a page is not for a terminal: -o FILE writes it to a file, -o - here all the same")
	}
	subject, err := subjectOf(ctx, cmd, cmd.Args().First())
	if err != nil {
		return err
	}
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
