// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/review"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
)

// operand is a side of a comparison and what to call it.
type operand struct {
	name string // as on the command line, with the flags that are for this side alone
	review.Side
	doc *dialect.Document // nil for a filter
}

// sideFlags are the flags that may be given for one side alone, as --NAME-a and --NAME-b.
var sideFlags = [...]string{"dialect", "thread", "kernel", "cap", "enosys", "args"}

// flagsForSides are those flags, with what the two sides are called. What they do is said of the
// flag without a side.
func flagsForSides(a, b string) []*cli.Flag {
	var list []*cli.Flag
	for _, f := range policyFlags() {
		if !slices.Contains(sideFlags[:], f.Name) {
			continue
		}
		_, value, _ := strings.Cut(f.Usage, "`")
		value, _, _ = strings.Cut(value, "`")
		for _, side := range [][2]string{{"a", a}, {"b", b}} {
			usage := "--" + f.Name + " `" + value + "` for " + side[1] + " alone"
			if f.Name == "cap" {
				usage += ": +CAP_BPF adds to it, -CAP_BPF takes away"
			}
			list = append(list, &cli.Flag{Name: f.Name + "-" + side[0], Kind: f.Kind, Usage: usage, DefaultText: "as --" + f.Name})
		}
	}
	return list
}

// forSide is the command as if its flags for one side were the general ones, and those flags
// as a person would repeat them.
func forSide(cmd *cli.Command, side string) (*cli.Command, string) {
	said := ""
	for _, name := range sideFlags {
		own := name + "-" + side
		if !cmd.IsSet(own) {
			continue
		}
		values := []string{cmd.String(own)}
		if given := cmd.Strings(own); name == "cap" {
			values = given
			said += " --cap " + strings.Join(given, ",")
			if !slices.ContainsFunc(given, absolute) {
				values = slices.Concat(cmd.Strings(name), given) // which they add to
			} else if one := strings.TrimSpace(given[0]); len(given) == 1 && absolute(one) && one != "" && !strings.EqualFold(one, "ALL") && !cmd.IsSet(name) {
				// Who names one capability most likely thinks of Docker's --cap-add.
				fmt.Fprintf(cmd.Root().ErrWriter, "sieve: --%s %s is that capability alone: +%s adds it to Docker's 14\n", own, one, one)
			}
		} else {
			said += " --" + name + " " + values[0]
		}
		cmd = cmd.With(name, values...)
	}
	return cmd, said
}

// sides are what the two arguments name, or one argument and the filters of a process.
func sides(ctx context.Context, cmd *cli.Command) (a, b operand, err error) {
	pid, ok := pidOf(cmd)
	switch n := cmd.Args().Len(); {
	case ok && n != 1:
		return a, b, errors.New("diff: want one profile or filter beside --pid")
	case !ok && n != 2:
		return a, b, errors.New("diff: want two profiles or filters")
	}
	if a, err = oneSide(cmd, "a", cmd.Args().Get(0)); err != nil {
		return a, b, err
	}
	if !ok {
		b, err = oneSide(cmd, "b", cmd.Args().Get(1))
		return a, b, err
	}
	b.name = fmt.Sprintf("process %d", pid)
	b.Filter, err = seccomp.Installed(ctx, pid)
	return a, b, err
}

// oneSide reads a side with the flags that are for it.
func oneSide(cmd *cli.Command, side, name string) (operand, error) {
	own, said := forSide(cmd, side)
	s, doc, err := readSide(own, name)
	if err != nil && said != "" {
		err = fmt.Errorf("%s (%s): %w", strings.ToUpper(side), strings.TrimSpace(said), err)
	}
	return operand{shown(name) + said, s, doc}, err
}

// readSide is what a name stands for: a profile, resolved for the target, or a filter. If
// there is no file of that name, there may be a stack of filters, NAME.0, NAME.1 and so
// on.
func readSide(cmd *cli.Command, name string) (s review.Side, doc *dialect.Document, err error) {
	t, err := target(cmd)
	if err != nil {
		return s, nil, err
	}
	in, err := readInput(cmd, name)
	switch {
	// -o FILE writes a stack to FILE.0, FILE.1 and so on, so FILE itself need not be
	// there.
	case errors.Is(err, fs.ErrNotExist):
		s.Filter, err = readStack(cmd, name)
		return s, nil, err
	case err != nil:
		return s, nil, err
	case filterLike(in.text):
		s.Filter, err = decodeFilter(cmd, name, in.text)
		return s, nil, err
	}
	in.wants = "a profile or a raw filter"
	if doc, err = in.document(cmd, "dialect"); err != nil {
		return s, nil, err
	}
	s.Policy, err = resolve(cmd, doc, t)
	return s, doc, err
}
