// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
)

// A profile goes through load.go to a policy, and from there to a filter, which is proved
// unless --no-prove says otherwise. Only then is anything written. The result depends on
// the flags and the file alone, not on the machine, where --arch is given: the same input
// gives the same bytes.
func compileCommand() *cli.Command {
	return &cli.Command{
		Name:      "compile",
		Usage:     "compile a profile to a filter",
		ArgsUsage: "[FILE|-|docker]",
		Description: `The profile is FILE, or what --profile says: Docker's default if both are silent.

Formats: raw is an array of struct sock_filter in the target's byte order, asm
commented assembler text and bpf_asm the same for the kernel's assembler ("sieve
asm" reads both), c the array as C source, json the instructions' fields, crun
an annotation that has crun load the filter, dot a graph for Graphviz.

Examples:
  sieve compile --format asm docker
  sieve compile --arch arm64 --kernel 6.1 -o relaxed.bpf relaxed.json
  sieve compile --format dot docker | dot -Tsvg -o docker.svg
  podman run --annotation "$(sieve compile --format crun docker)" IMAGE`,
		Flags: append(policyFlags(), proveFlag(), effortFlag(),
			formatFlag(),
			&cli.Flag{Name: "o", Usage: "write to `FILE`, - for standard output; a stack of programs to FILE.0, FILE.1, ...", DefaultText: "-"},
		),
		Action: compile,
	}
}

// compile checks the format before it reads the profile: a misspelt flag must not cost a
// proof.
func compile(ctx context.Context, cmd *cli.Command) error {
	if err := profileArgument(cmd); err != nil {
		return err
	}
	write, err := chosenFormat(cmd)
	if err != nil {
		return err
	}
	policy, err := loadPolicy(cmd)
	if err != nil {
		return err
	}
	// Nothing has been written so far: a filter that cannot be proved leaves the old file
	// in place.
	filter, err := compiled(ctx, cmd, policy)
	if err != nil {
		return unproved(err)
	}
	return writeFilter(cmd, cmd.String("o"), filter, write)
}

// profileArgument takes an argument for the value of --profile, so that "sieve compile
// FILE" works as other compilers do. Both at once are refused.
func profileArgument(cmd *cli.Command) error {
	switch n := cmd.Args().Len(); {
	case n == 0:
		return nil
	case n > 1:
		return fmt.Errorf("%s: unexpected argument %q: want one FILE", cmd.Name, cmd.Args().Get(1))
	case cmd.IsSet("profile"):
		return fmt.Errorf("%s: %q and --profile exclude each other", cmd.Name, cmd.Args().First())
	}
	return cmd.Set("profile", cmd.Args().First())
}
