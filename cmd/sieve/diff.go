// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/artifact"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// diff decides over all calls (proof.Diff) and shows where two sides differ, for a person
// who reviews the change (package review). A side is anything that decides calls: a document,
// a raw filter, or the filters of a running process. So a profile can be compared with what a
// process really runs under.
//
// No call is sampled: without a line of output the sides are equal for every number, ABI
// and argument.
func diffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "show the calls that two profiles or filters decide differently",
		ArgsUsage: "A [B]",
		Description: `A and B are each a profile, a raw filter, docker for Docker's default, or - for
standard input; what a file holds is found by looking. With --pid B is what a
process runs under.

What is shown is all calls on which the two differ, by ABI: those that B opens,
those that it closes, and those that get another answer of the same rank. Below
each stand what A does (-) and what B does (+), with the rule that says so. A
star is any argument. The exit status is 0 if the two are equal, 1 if they
differ, also in their flags or listener alone, and 2 for trouble or if that could
not be decided.

Examples:
  sieve diff docker relaxed.json
  sieve diff --cap-b +SYS_ADMIN docker docker        what --cap-add SYS_ADMIN opens
  sieve diff --kernel-a 5.15 --kernel-b 6.18 web.json web.json
  sieve diff --dialect-a docker --dialect-b oci web.json web.json
  sieve diff --format markdown old.json new.json     a comment for a pull request
  sieve diff old.bpf new.bpf
  sieve diff --pid 4711 docker`,
		Flags: slices.Concat(policyFlags()[1:], flagsForSides("A", "B"), pidFlags(), // no --profile
			[]*cli.Flag{effortFlag(),
				{Name: "format", Value: "text", Usage: "write `FORMAT`: text, json, or markdown for a pull request"},
				{Name: "limit", Kind: cli.Int, Value: "1000", Usage: "show at most `N` sets, 0 for all", Check: notNegative}}),
		Action: diff,
	}
}

// notNegative refuses a number below 0.
func notNegative(n int) error {
	if n < 0 {
		return fmt.Errorf("want 0 or more")
	}
	return nil
}

// diff collects sets before it shows them, since they are put in order: the limit bounds
// what is collected, and the exit status does not depend on it. Stopping early also stops the
// search. Where the search fails, what was found is shown, because it is certain.
func diff(ctx context.Context, cmd *cli.Command) error {
	write, ok := map[string]func(*cli.Command, *compared) error{"text": reviewText, "json": reviewJSON, "markdown": reviewMarkdown}[cmd.String("format")]
	if !ok {
		return fmt.Errorf("--format: %w", unknownWord("format", cmd.String("format"), "text", "json", "markdown"))
	}
	a, b, err := sides(ctx, cmd)
	if err != nil {
		return err
	}
	r, failed := review.New(proof.Diff(a.Of(), b.Of(), within(ctx, cmd)), a.Side, b.Side, cmd.Int("limit"))
	if failed != nil && len(r.Changes) == 0 {
		return failed
	}
	if err := write(cmd, &compared{a, b, r, failed != nil}); err != nil {
		return err
	}
	switch {
	case failed != nil:
		return failed
	case r.More && cmd.Int("limit") == 0:
		fmt.Fprintf(cmd.Root().ErrWriter, "sieve: more than %d sets differ, which are too many to show\n", review.Most)
	case r.More:
		fmt.Fprintf(cmd.Root().ErrWriter, "sieve: more than %s: --limit 0 shows all\n", differ(r.Sets))
	}
	if asked := otherwiseInstalled(&a, &b); asked != "" {
		return &statusError{statusNo, fmt.Errorf("the two differ in %s", asked)}
	}
	if len(r.Changes) > 0 {
		return &statusError{statusNo, nil}
	}
	return nil
}

// differ is a number of sets with its verb.
func differ(sets int) string {
	if sets == 1 {
		return "1 set differs"
	}
	return fmt.Sprintf("%d sets differ", sets)
}

// otherwiseInstalled says in what two documents of Docker's family differ beside their answers:
// what they ask of seccomp(2), and who listens.
func otherwiseInstalled(a, b *operand) string {
	if a.doc == nil || b.doc == nil || a.doc.Profile() == nil || b.doc.Profile() == nil {
		return ""
	}
	var list []string
	p, q := a.doc.Profile(), b.doc.Profile()
	if x, y := a.doc.InstallFlags(artifact.All), b.doc.InstallFlags(artifact.All); x != y {
		list = append(list, fmt.Sprintf("flags (%s and %s)", flagWords(x), flagWords(y)))
	}
	if p.ListenerPath != q.ListenerPath || p.ListenerMetadata != q.ListenerMetadata {
		list = append(list, "the listener")
	}
	return series(list, "and")
}

// flagWords are flags for people.
func flagWords(f seccomp.Flags) string {
	if f == 0 {
		return "none"
	}
	return f.String()
}

// compared is a finished comparison.
type compared struct {
	a, b operand
	*review.Review
	failed bool // the search did, and there may be more
}
