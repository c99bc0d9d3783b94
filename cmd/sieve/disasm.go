// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
)

// disasm shows any program that the kernel would take, whoever made it. What its comments
// say is certain for every way to an instruction (assembly.go), or is left out. The
// listing has one line for each instruction, with the numbers by which jumps go, so that
// it can be compared with other tools' listings.
func disasmCommand() *cli.Command {
	return &cli.Command{
		Name:      "disasm",
		Usage:     "show a raw filter as assembler text",
		ArgsUsage: "FILE|-",
		Description: `A raw filter is an array of struct sock_filter in the target's byte order. The
order is found by trying both, unless --arch gives it. Comments name the calls,
constants and actions. --format writes the filter as sieve compile does.

Examples:
  sieve disasm filter.bpf
  sieve compile --profile docker --format raw | sieve disasm -
  sieve disasm --format dot filter.bpf | dot -Tsvg -o filter.svg`,
		Flags: []*cli.Flag{archFlag(),
			{Name: "format", Value: "asm", Usage: "write `FORMAT`: " + strings.Join(formats, ", ")},
			{Name: "o", Usage: "write to `FILE`, - for standard output; a stack of programs to FILE.0, FILE.1, ...", DefaultText: "-"}},
		Action: disasm,
	}
}

// disasm reads, checks and lists a filter. What the kernel would refuse is not listed: a jump
// out of the program has no line to lead to.
func disasm(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return errors.New("disasm: want one FILE, or - for standard input")
	}
	write, err := chosenFormat(cmd)
	if err != nil {
		return err
	}
	filter, err := readFilter(cmd, cmd.Args().First())
	if err != nil {
		return err
	}
	if cmd.String("format") != "asm" || cmd.IsSet("o") {
		return writeFilter(cmd, cmd.String("o"), filter, write)
	}
	_, err = io.WriteString(cmd.Root().Writer, listing(filter))
	return err
}
