// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/urfave/cli/v3"
)

func proveCommand() *cli.Command {
	return &cli.Command{
		Name:  "prove",
		Usage: "prove that a raw filter does what a profile means",
		Description: `Decided over all calls, not sampled. The exit status is 0 if they are equal, 1 if
not, with one call that shows it, and 2 for trouble or if the proof would take
too much memory.

Examples:
  sieve prove --profile relaxed.json --arch arm64 --filter relaxed.bpf
  sieve prove --profile docker --filter docker.bpf && install -m 644 docker.bpf /etc/seccomp/`,
		Flags: append(policyFlags(),
			&cli.StringFlag{Name: "filter", Usage: "the raw filter in `FILE`, or the stack FILE.0, FILE.1, ...", Required: true}),
		Action: prove,
	}
}

func prove(_ context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	filter, err := readFilter(cmd, cmd.String("filter"))
	if err != nil {
		return err
	}
	policy, err := loadPolicy(cmd)
	if err != nil {
		return err
	}
	return proved(policy, filter)
}

// proved is nil if the filter does what the policy means, an error with status 1 if
// not, and another if that could not be decided.
func proved(policy *seccomp.Policy, filter seccomp.Filter) error {
	err := filter.Prove(policy)
	var different *seccomp.Counterexample
	if !errors.As(err, &different) {
		return err
	}
	detail := ""
	if i := different.Policy.Rule; i >= 0 && policy.Rules[i].Origin != "" {
		detail = fmt.Sprintf(" (%s)", policy.Rules[i].Origin)
	}
	return &statusError{statusNo, fmt.Errorf("%w%s", different, detail)}
}
