// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/wording"
)

// syscalls prints what package arch knows. It is the one subcommand that needs no profile
// and no filter.
//
// The tables are part of the program and not the running kernel's, so the answer is the
// same on every machine; --arch asks for another ABI than the machine's.
func syscallsCommand() *cli.Command {
	return &cli.Command{
		Name:      "syscalls",
		Usage:     "show the tables: number, first kernel, argument widths",
		ArgsUsage: "[NAME|NUMBER...]",
		Description: `Without a name or number the whole table of the ABI is shown. The first kernel
is "-" where the call is as old as seccomp filters on the ABI, or its age is not
known. Widths are the bits that the kernel reads of each argument, of an address
64, and "?" where they are not known.

Examples:
  sieve syscalls openat 435
  sieve syscalls --arch s390x`,
		Flags:  []*cli.Flag{archFlag()},
		Action: syscalls,
	}
}

// syscalls prints the rows that the arguments ask for, or the whole table.
func syscalls(_ context.Context, cmd *cli.Command) error {
	abi, err := archOf(cmd)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(cmd.Root().Writer, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tNAME\tSINCE\tWIDTHS")
	if !cmd.Args().Present() {
		for nr, name := range abi.Calls() {
			showCall(w, abi, nr, name)
		}
		return w.Flush()
	}
	for _, arg := range cmd.Args().Slice() {
		if err := findCall(w, abi, arg); err != nil {
			return err
		}
	}
	return w.Flush()
}

// findCall shows the call of a name or number. A call that an ABI has only through
// socketcall or ipc has no number of its own; its row says through which:
//
//	437  openat2  5.6  32 64 64 64
//	-    semop    -    only through ipc(1, ...)
func findCall(w io.Writer, abi arch.Arch, arg string) error {
	if n, err := strconv.ParseUint(arg, 0, 32); err == nil {
		name, ok := abi.Name(uint32(n))
		if !ok {
			return fmt.Errorf("%v has no call %s", abi, arg)
		}
		showCall(w, abi, uint32(n), name)
		return nil
	}
	if nr, ok := abi.Number(arg); ok {
		showCall(w, abi, nr, arg)
		return nil
	}
	// A filter sees only the multiplexer's number, and the call's in its first argument.
	if mux, n, ok := abi.Multiplexer(arg); ok {
		fmt.Fprintf(w, "-\t%s\t-\tonly through %s(%d, ...)\n", arg, mux, n)
		return nil
	}
	if arch.Known(arg) {
		return fmt.Errorf("%v has no call %q, other ABIs do", abi, arg)
	}
	if near := wording.NearestCall(arg); near != "" {
		return fmt.Errorf("unknown call %q; did you mean %q?", arg, near)
	}
	return fmt.Errorf("unknown call %q", arg)
}

// showCall writes one row: number, name, first kernel, widths of arguments.
func showCall(w io.Writer, abi arch.Arch, nr uint32, name string) {
	since := "-"
	if k := abi.Since(nr); k != 0 {
		since = k.String()
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\n", nr, name, since, widths(name))
}

// widths lists the widths of a call's arguments in bits, up to the first that is not known:
// "32 64 64 64" for openat2, of whose descriptor the kernel reads 32 bits.
func widths(name string) string {
	var all []string
	for i := range 6 {
		bits, ok := arch.Width(name, i)
		if !ok {
			break
		}
		all = append(all, strconv.Itoa(bits))
	}
	if all == nil {
		return "?"
	}
	return strings.Join(all, " ")
}
