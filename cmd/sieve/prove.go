// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// prove holds a filter that anyone may have made to what a profile means, over all 2^512
// inputs: struct seccomp_data has 64 bytes. A difference is shown by one call. A question
// that is too large for --effort has no answer, which is status 2 and not 1.
//
// The proof holds the program to the policy itself, and not to what our own compiler makes
// of the policy, so a mistake in the compiler shows.
func proveCommand() *cli.Command {
	return &cli.Command{
		Name:      "prove",
		Usage:     "prove that a filter does what a profile means, or that a profile is at most a baseline",
		ArgsUsage: "[--at-most BASELINE PROFILE]",
		Description: `Decided over all calls, not sampled. The exit status is 0 if they are equal, 1 if
not, with one call that shows it, and 2 for trouble or if the proof would take
too much memory.

With --at-most it is 0 if the PROFILE's answer to every call is at least as
restrictive as the BASELINE's, by the kernel's order: KILL_PROCESS, KILL_THREAD,
TRAP, ERRNO, USER_NOTIF, TRACE, LOG, ALLOW. It is 1 if not, with all calls for
which it is looser; so it is if the PROFILE asks for SPEC_ALLOW, or not for LOG,
and the BASELINE otherwise. Each is a profile, a raw filter, or docker; --filter
and --pid stand for the PROFILE too, and --arch may list several machines. A
flag that ends with -a is for BASELINE alone, and one with -b for PROFILE.

Examples:
  sieve prove --profile relaxed.json --arch arm64 --filter relaxed.bpf
  sieve prove --profile docker --filter docker.bpf && install -m 644 docker.bpf /etc/seccomp/
  sieve prove --profile docker --pid 4711
  sieve prove --at-most docker --arch amd64,arm64 web.json`,
		Flags: slices.Concat(policyFlags(), pidFlags(),
			[]*cli.Flag{{Name: "filter", Usage: "the raw filter in `FILE`, or the stack FILE.0, FILE.1, ..."},
				effortFlag(),
				{Name: "trace", Kind: cli.Bool, Usage: "show the instructions that the call executes as well"}},
			atMostFlags(), flagsForSides("BASELINE", "PROFILE")),
		Action: prove,
	}
}

// prove reads the filter before the profile: if it is no filter, the profile's warnings
// would only be in the way.
func prove(ctx context.Context, cmd *cli.Command) error {
	if cmd.IsSet("at-most") {
		return atMost(ctx, cmd)
	}
	for _, f := range slices.Concat(atMostFlags(), flagsForSides("BASELINE", "PROFILE")) {
		if cmd.IsSet(f.Name) {
			return fmt.Errorf("prove: --%s is for --at-most", f.Name)
		}
	}
	if err := noArguments(cmd); err != nil {
		return err
	}
	filter, err := toProve(ctx, cmd)
	if err != nil {
		return err
	}
	policy, err := loadPolicy(cmd)
	if err != nil {
		return err
	}
	return proved(ctx, cmd, policy, filter)
}

// toProve is the filter of a file or of a process.
func toProve(ctx context.Context, cmd *cli.Command) (seccomp.Filter, error) {
	pid, ok := pidOf(cmd)
	if ok == cmd.IsSet("filter") {
		return nil, errors.New("prove: want one of --filter and --pid")
	}
	if ok {
		return seccomp.Installed(ctx, pid)
	}
	return readFilter(cmd, cmd.String("filter"))
}

// proved is nil if the filter does what the policy means, an error with status 1 if it
// does not, and another if that could not be decided. The error names the call, both
// answers, and the place of the rule that the policy decides by.
func proved(ctx context.Context, cmd *cli.Command, policy *seccomp.Policy, filter seccomp.Filter) error {
	err := proof.Prove(filter, policy, within(ctx, cmd))
	var different *proof.Counterexample
	if !errors.As(err, &different) {
		return err
	}
	if cmd.Bool("trace") {
		fmt.Fprint(cmd.Root().Writer, path(filter, different.Steps))
	}
	// The rule's place is added here: the error of package proof knows indices of rules
	// alone.
	i := different.Policy.Rule
	if i < 0 || policy.Rules[i].Origin == (seccomp.Origin{}) {
		return &statusError{statusNo, different}
	}
	origin := policy.Rules[i].Origin
	return &statusError{statusNo, &placedError{fmt.Errorf("%w (%s)", different, origin), placeOf(origin)}}
}

// path lists the instructions that a call executes in each program of the filter.
func path(filter seccomp.Filter, steps [][]int) string {
	var b strings.Builder
	for i, program := range filter {
		if len(filter) > 1 {
			fmt.Fprintf(&b, "; program %d of %d\n", i+1, len(filter))
		}
		lines := strings.Split(assembly(program), "\n")
		for _, pc := range steps[i] {
			b.WriteString(lines[pc] + "\n")
		}
	}
	return b.String()
}
