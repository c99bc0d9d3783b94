// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// diff decides over all calls (proof.Diff) and shows where two sides differ, as sets of
// calls. A side is anything that decides calls: a document, a raw filter, or the filters
// of a running process. So a profile can be compared with what a process really runs
// under.
//
// No call is sampled: without a line of output the sides are equal for every number, ABI
// and argument.
func diffCommand() *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "show the calls that two profiles or filters decide differently",
		ArgsUsage: "A [B]",
		Description: `A and B are each a profile, a raw filter, docker for Docker's default, or - for
standard input; what a file holds is found by looking. Every line is a set of
calls, and all lines together are all calls on which the two differ. The exit
status is 0 if there are none, 1 if there are, and 2 for trouble. Each line ends
with what A does and what B does. With --pid B is what a process runs under.

Examples:
  sieve diff docker relaxed.json
  sieve diff old.bpf new.bpf
  sieve diff --pid 4711 docker`,
		Flags: append(append(policyFlags()[1:], pidFlags()...), // no --profile
			effortFlag(),
			&cli.Flag{Name: "limit", Kind: cli.Int, Value: "100", Usage: "show at most `N` sets, 0 for all"}),
		Action: diff,
	}
}

// diff prints sets as they are found, which can be many: the limit is on lines, and the
// exit status does not depend on it. Stopping early also stops the search.
func diff(ctx context.Context, cmd *cli.Command) error {
	a, b, err := sides(ctx, cmd)
	if err != nil {
		return err
	}
	n := 0
	for d, err := range proof.Diff(a, b, within(ctx, cmd)) {
		if err != nil {
			return err
		}
		if limit := cmd.Int("limit"); limit > 0 && n == limit {
			fmt.Fprintf(cmd.Root().ErrWriter, "sieve: more than %d sets differ: --limit 0 shows all\n", limit)
			break
		}
		n++
		fmt.Fprintln(cmd.Root().Writer, d)
	}
	if n > 0 {
		return &statusError{statusNo, nil}
	}
	return nil
}

// sides are what the two arguments name, or one argument and the filters of a process.
func sides(ctx context.Context, cmd *cli.Command) (a, b proof.Side, err error) {
	pid, ok := pidOf(cmd)
	switch n := cmd.Args().Len(); {
	case ok && n != 1:
		return a, b, errors.New("diff: want one profile or filter beside --pid")
	case !ok && n != 2:
		return a, b, errors.New("diff: want two profiles or filters")
	}
	if a, err = side(cmd, cmd.Args().Get(0)); err != nil {
		return a, b, err
	}
	if ok {
		b, err = sideOf(seccomp.Installed(ctx, pid))
	} else {
		b, err = side(cmd, cmd.Args().Get(1))
	}
	return a, b, err
}

// side is what a name stands for: a profile, resolved for the target, or a filter. If
// there is no file of that name, there may be a stack of filters, NAME.0, NAME.1 and so
// on.
func side(cmd *cli.Command, name string) (proof.Side, error) {
	t, err := target(cmd)
	if err != nil {
		return proof.Side{}, err
	}
	in, err := readInput(cmd, name)
	switch {
	// -o FILE writes a stack to FILE.0, FILE.1 and so on, so FILE itself need not be
	// there.
	case errors.Is(err, fs.ErrNotExist):
		return sideOf(readFilter(cmd, name)) // it may be a stack
	case err != nil:
		return proof.Side{}, err
	case filterLike(in.text):
		return sideOf(decodeFilter(cmd, name, in.text))
	}
	in.wants = "a profile or a raw filter"
	doc, err := in.document(cmd, "dialect")
	if err != nil {
		return proof.Side{}, err
	}
	return sideOf(resolve(cmd, doc, t))
}

// sideOf passes an error on, so that a call that returns a value and an error can be its
// argument.
func sideOf[T *seccomp.Policy | seccomp.Filter](x T, err error) (proof.Side, error) {
	return proof.Of(x), err
}
