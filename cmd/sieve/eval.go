// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/unfiltered"
	"github.com/gosieve/sieve/seccomp"
)

// eval is for programs: one call a line in, one answer a line out, in the same order. The
// formats are an interface, as scripts rely on them: fields may be added to answers, and
// none may change.
//
// Filters of other makers can be tested with it too: with --filter it is an interpreter of classic
// BPF with the kernel's rules, on any machine and for any byte order.
func evalCommand() *cli.Command {
	return &cli.Command{
		Name:  "eval",
		Usage: "say what a profile or filter decides for calls",
		Description: `Reads one call a line as JSON and writes one answer a line. "arch" is an ABI's
name; "audit" in its place is any AUDIT_ARCH token. "name" may stand in the place
of "nr"; with both they must be the same call, as in what audit and diff write.
"args" and "ip" may be left out. A negative number stands for its two's complement. An answer that has
"unfiltered" is the filter's and does not count from that version of Linux on:
the kernel asks no filter about the call.

Examples:
  echo '{"arch":"x86_64","nr":41,"args":[40,1,0,0,0,0]}' | sieve eval --profile docker --calls -
  sieve eval --filter filter.bpf --calls calls.jsonl`,
		Flags: append(policyFlags(),
			&cli.Flag{Name: "filter", Usage: "evaluate the raw filter in `FILE` instead of a profile"},
			&cli.Flag{Name: "calls", Usage: "read calls from `FILE`, - for standard input", Required: true},
		),
		Action: eval,
	}
}

// eval keeps no call in memory, so its input may be of any length. Answers are written
// when a buffer is full and at the end: a program cannot wait for an answer before it
// writes the next call. Answers to calls before a bad line are written too.
func eval(_ context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	decide, err := decider(cmd)
	if err != nil {
		return err
	}
	name := cmd.String("calls")
	calls, err := open(cmd, name)
	if err != nil {
		return err
	}
	defer calls.Close()
	out := bufio.NewWriter(cmd.Root().Writer)
	if err := answer(calls, out, decide); err != nil {
		out.Flush()
		return fmt.Errorf("%s:%w", shown(name), err)
	}
	return out.Flush()
}

// decider returns the function that answers calls: the policy's own evaluation, or an
// interpreter of the filter. Neither asks the kernel, so any ABI can be evaluated on any
// machine.
func decider(cmd *cli.Command) (func(*seccomp.Call) seccomp.Action, error) {
	if !cmd.IsSet("filter") {
		policy, err := loadPolicy(cmd)
		if err != nil {
			return nil, err
		}
		return policy.Evaluate, nil
	}
	if cmd.IsSet("profile") {
		return nil, errors.New("eval: --profile and --filter exclude each other")
	}
	filter, err := readFilter(cmd, cmd.String("filter"))
	if err != nil {
		return nil, err
	}
	return filter.Run, nil
}

// answer reads calls and writes answers:
//
//	{"arch":"x86_64","nr":41,"args":[40,1,0]}   ->   {"action":"ERRNO(1)","value":327681}
//
// Its errors begin with the number of the line. Empty lines are passed over, but counted.
func answer(calls io.Reader, out *bufio.Writer, decide func(*seccomp.Call) seccomp.Action) error {
	// A line of more than 64 KiB is an error: a call takes some 200 bytes.
	lines := bufio.NewScanner(calls)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 {
			continue
		}
		call, err := parseCall(line)
		if err != nil {
			return fmt.Errorf("%d: %w", n, err)
		}
		action := decide(call)
		if _, err := fmt.Fprintf(out, "{\"action\":%q,\"value\":%d%s}\n", action, uint32(action), unfilteredField(call)); err != nil {
			return err
		}
	}
	return lines.Err()
}

// unfilteredField is the field of an answer that says from which kernel on no filter is
// asked about the call; empty if every kernel asks.
func unfilteredField(c *seccomp.Call) string {
	abi, _ := arch.Of(c.Audit, c.Nr)
	if since, ok := unfiltered.Since(abi, c.Nr); ok {
		return fmt.Sprintf(",\"unfiltered\":%q", since)
	}
	return ""
}

// parseCall reads one call. Fields that it does not know are errors: a misspelt "args"
// would silently evaluate another call. Numbers stay text until they are read as
// integers, since a float64 holds no 64-bit number exactly.
func parseCall(line []byte) (*seccomp.Call, error) {
	var in struct {
		Arch  *string       `json:"arch"`
		Audit *json.Number  `json:"audit"`
		Nr    *json.Number  `json:"nr"`
		Name  *string       `json:"name"`
		IP    json.Number   `json:"ip"`
		Args  []json.Number `json:"args"`
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		return nil, fmt.Errorf("call: %w", err)
	}
	if d.More() {
		return nil, errors.New("call: more than one value on the line")
	}
	var call seccomp.Call
	switch {
	case (in.Arch == nil) == (in.Audit == nil):
		return nil, errors.New(`call: want one of "arch" and "audit"`)
	case in.Nr == nil && in.Name == nil:
		return nil, errors.New(`call: want "nr" or "name"`)
	case len(in.Args) > len(call.Args):
		return nil, fmt.Errorf("call: %d arguments, want at most %d", len(in.Args), len(call.Args))
	case in.Arch != nil:
		abi, err := arch.Parse(*in.Arch)
		if err != nil {
			return nil, fmt.Errorf("arch: %w", err)
		}
		call.Audit = abi.Audit()
	}
	err := errors.Join(
		number(&call.Audit, in.Audit, "audit"),
		number(&call.Nr, in.Nr, "nr"),
		number(&call.IP, &in.IP, "ip"),
		numbers(call.Args[:], in.Args),
	)
	if err == nil && in.Name != nil {
		err = numberByName(&call, in.Arch, *in.Name, in.Nr != nil)
	}
	return &call, err
}

// numberByName gives a call the number of its name or, if it has a number, holds the two against each
// other: calls that other commands write have both.
func numberByName(c *seccomp.Call, token *string, name string, numbered bool) error {
	abi, _ := arch.Of(c.Audit, c.Nr)
	if token != nil {
		abi, _ = arch.Parse(*token) // which has been parsed before
	} else if !numbered {
		return errors.New(`name: want "arch" with it`)
	}
	nr, err := callNumber(abi, name)
	switch {
	case err != nil:
		return fmt.Errorf("name: %w", err)
	case numbered && nr != c.Nr:
		return fmt.Errorf("name: %s is number %d on %v, not %d", name, nr, abi, c.Nr)
	}
	c.Nr = nr
	return nil
}

// numbers reads a list into the first elements of another; those that the list lacks stay
// 0.
func numbers(to []uint64, from []json.Number) error {
	for i := range from {
		if err := number(&to[i], &from[i], fmt.Sprintf("args[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

// number reads an integer that fits into to, signed or not: -1 is all ones. A nil or
// empty number leaves to as it is.
func number[T uint32 | uint64](to *T, from *json.Number, name string) error {
	if from == nil || *from == "" {
		return nil
	}
	bits := 64
	// The size of T decides: ^T(0) is its largest value.
	if uint64(^T(0)) == 1<<32-1 {
		bits = 32
	}
	if n, err := strconv.ParseUint(from.String(), 10, bits); err == nil {
		*to = T(n)
		return nil
	}
	n, err := strconv.ParseInt(from.String(), 10, bits)
	if err != nil {
		return fmt.Errorf("%s: %s is no integer of %d bits", name, from, bits)
	}
	*to = T(n)
	return nil
}
