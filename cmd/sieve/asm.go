// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/assembler"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// asm is disasm the other way: package assembler reads the text that compile and disasm write, in
// both forms, and the filter is written as compile does. What the kernel would refuse is an error
// at its line.
func asmCommand() *cli.Command {
	return &cli.Command{
		Name:      "asm",
		Usage:     "make a raw filter of assembler text",
		ArgsUsage: "FILE|-",
		Description: `The text is what sieve compile and sieve disasm write, with --format asm or
bpf_asm, or is written by hand: one form has the indices of instructions as
targets, the other, that of the kernel's bpf_asm, has labels. Comments begin
with a semicolon. A text that the kernel would not take as a seccomp filter is
an error, with line and column.

Examples:
  sieve asm filter.asm > filter.bpf
  sieve disasm filter.bpf | sieve asm - | cmp - filter.bpf
  sieve asm --format c filter.asm`,
		Flags: []*cli.Flag{archFlag(), formatFlag(),
			{Name: "o", Usage: "write to `FILE`, - for standard output", DefaultText: "-"}},
		Action: asm,
	}
}

// asm reads and writes one program.
func asm(_ context.Context, cmd *cli.Command) error {
	if cmd.Args().Len() != 1 {
		return errors.New("asm: want one FILE, or - for standard input")
	}
	write, err := chosenFormat(cmd)
	if err != nil {
		return err
	}
	program, err := readAssembly(cmd, cmd.Args().First())
	if err != nil {
		return err
	}
	return writeFilter(cmd, cmd.String("o"), seccomp.Filter{program}, write)
}

// readAssembly reads the text of a program.
func readAssembly(cmd *cli.Command, name string) (bpf.Program, error) {
	raw, err := readFile(cmd, name)
	if err != nil {
		return nil, err
	}
	program, err := assembler.Parse(string(raw))
	var mistake *assembler.Error
	if !errors.As(err, &mistake) {
		return program, err
	}
	name = shown(name)
	if k, known := binaryKind(raw); known {
		return nil, k.in(name, "assembler text")
	}
	if mistake.Line == 0 {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	inputsOf(cmd).keep(name, raw)
	place := profile.Place{File: name, Line: mistake.Line, Column: mistake.Column}
	return nil, &profile.Error{Diagnostic: profile.Diagnostic{Place: place, Message: mistake.Reason()}, Kind: bpf.ErrInvalid}
}
