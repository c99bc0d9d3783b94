// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/internal/constants"
	"github.com/gosieve/sieve/internal/wording"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// explain has two questions: a call that somebody types (question, verdict), and the
// records of a log (auditlog.go). Both end with the rule that decided and the smallest
// change that would allow the call (package profile/grant). Changes are found by trying:
// each changed document is resolved and asked again, so a change that is shown does allow
// the call.
//
// A profile with a mistake in it can be explained as far as it resolves; lint says what
// is wrong with it.
func explainCommand() *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "say why a call is denied, and what would allow it",
		ArgsUsage: "CALL [ARG...]",
		Description: `Says what a profile decides for a call, which rule does so, and the smallest
changes that would allow it, the narrowest first. CALL is a name or a number; an
ARG is a number or constants: AF_VSOCK, O_RDWR|O_CREAT. Those left out are 0, and
so is *. A call may be one word too: 'socket(AF_VSOCK, SOCK_STREAM, 0)'.

The exit status is 0 if the call is allowed, 1 if it is not, and 2 for trouble. A
call that is logged is allowed; one that a supervisor or a tracer is asked about
is not. It is that of the call as it is shown, with 0 for what was left out.

With --audit it reads the kernel's log instead: lines of auditd, dmesg, journalctl
and ausearch. Records of seccomp (type 1326, or SECCOMP) become a line for each
command, call and action; others are counted. So do the SIGSYS of strace and what
snappy-debug prints. A profile, if one is given, is asked which rule that was. The
log has no arguments: where rules look at them, it may be one of several. The exit
status is then 2 if a record cannot be read, else 0.

Examples:
  sieve explain mount
  sieve explain --profile web.json 'socket(AF_VSOCK, SOCK_STREAM, 0)'
  sieve explain --cap CAP_SYS_ADMIN clone 'CLONE_NEWUSER|SIGCHLD'
  sieve explain --profile web.json --abi x86 socket AF_INET SOCK_STREAM 0
  journalctl -k | sieve explain --audit - --profile web.json
  sieve explain --audit /var/log/audit/audit.log --format json`,
		Flags: append(policyFlags(),
			&cli.Flag{Name: "abi", Usage: "the call comes through `ABI`: x86 on an x86_64 machine", DefaultText: "that of --arch"},
			&cli.Flag{Name: "audit", Usage: "read log lines from `FILE`, - for standard input"},
			&cli.Flag{Name: "format", Value: "text", Usage: "write `FORMAT`: text or json"},
		),
		StopAtArgument: true,
		Action:         explain,
	}
}

// explain tells the two questions apart. A log names its calls itself, so --audit
// excludes a CALL. Flags are checked before the profile is read: an error about a flag must
// not wait for a profile on standard input.
func explain(_ context.Context, cmd *cli.Command) error {
	if format := cmd.String("format"); format != "text" && format != "json" {
		return fmt.Errorf("--format: %w", unknownWord("format", format, "text", "json"))
	}
	if cmd.IsSet("audit") {
		if cmd.Args().Present() || cmd.IsSet("abi") {
			return errors.New("explain: --audit excludes a CALL and --abi: the log says them")
		}
		return explainAudit(cmd)
	}
	if !cmd.Args().Present() {
		return errors.New("explain: want a CALL or --audit: \"sieve explain --help\" has examples")
	}
	asked, err := newQuestion(cmd)
	if err != nil {
		return err
	}
	a, err := asked.answer(cmd)
	if err != nil {
		return err
	}
	write := a.text
	if cmd.String("format") == "json" {
		write = a.json
	}
	if err := write(cmd.Root().Writer); err != nil {
		return err
	}
	if !a.allowed() {
		return &statusError{statusNo, nil}
	}
	return nil
}

// question is a call that a profile is asked about. Arguments that were not given are 0
// in call; the verdict says which of them the rules look at.
type question struct {
	target profile.Target
	abi    arch.Arch
	call   seccomp.Call
	args   int     // how many were given
	open   [6]bool // given as a star: any value
}

// newQuestion reads the arguments of the command. Flags end at CALL, since an argument
// may be negative; "--" after CALL is passed over. A word with two dashes there is most
// likely a flag in the wrong place, and is refused.
func newQuestion(cmd *cli.Command) (*question, error) {
	t, err := target(cmd)
	if err != nil {
		return nil, err
	}
	// The ABI of the call need not be the target's: an x86_64 kernel takes calls of x86
	// too.
	q := &question{target: t, abi: t.Arch}
	if name := cmd.String("abi"); name != "" {
		if q.abi, err = arch.Parse(name); err != nil {
			return nil, fmt.Errorf("--abi: %w", err)
		}
	}
	q.call.Audit = q.abi.Audit()
	name, args := writtenCallOf(cmd.Args().Slice())
	if q.call.Nr, err = callNumber(q.abi, name); err != nil {
		return nil, err
	}
	if len(args) > len(q.call.Args) {
		return nil, fmt.Errorf("explain: %d arguments, a call has at most 6", len(args))
	}
	for i, text := range args {
		if strings.HasPrefix(text, "--") {
			return nil, fmt.Errorf("explain: %s behind the CALL is an argument: flags go before it", text)
		}
		if q.open[i] = text == "*"; q.open[i] {
			continue
		}
		if q.call.Args[i], err = argumentValue(q.abi, text); err != nil {
			return nil, fmt.Errorf("explain: argument %d: %w", i, err)
		}
	}
	q.args = len(args)
	return q, nil
}

// writtenCallOf takes the words of a command line apart: the name of a call and its arguments, a
// word each, or both in one as reports write them: "socket(AF_VSOCK, SOCK_STREAM, 0)".
func writtenCallOf(words []string) (name string, args []string) {
	name, args = words[0], words[1:]
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	before, list, ok := strings.Cut(strings.Join(words, " "), "(")
	list, closed := strings.CutSuffix(strings.TrimSpace(list), ")")
	if !ok || !closed || strings.ContainsAny(before, " \t") {
		return name, args
	}
	args = nil
	if list = strings.TrimSpace(list); list != "" {
		for _, arg := range strings.Split(list, ",") {
			args = append(args, strings.TrimSpace(arg))
		}
	}
	return before, args
}

// argumentValue reads an argument: in the form that reports use (package argument), or
// with other constants of the kernel's headers, TIOCSTI or SO_REUSEPORT, which minijail's
// table has. Words joined by "|" are flags. Their values differ by ABI (O_DIRECT has four),
// so the ABI is that of the call and not of this machine.
func argumentValue(abi arch.Arch, text string) (uint64, error) {
	value := uint64(0)
	for _, word := range strings.Split(text, "|") {
		v, err := argument.Parse(abi, word)
		// Package constants knows names that package argument does not, such as the requests of
		// ioctl: which of them apply depends on the driver behind the descriptor.
		if c, ok, _ := constants.Value(word, abi); err != nil && ok {
			v, err = c, nil
		}
		if near := wording.Nearest(word, constants.Names()); err != nil && near != "" {
			return 0, fmt.Errorf("%w; did you mean %s?", err, near)
		}
		if err != nil {
			return 0, fmt.Errorf("%w; of what lies in memory a filter sees the address alone", err)
		}
		value |= v
	}
	return value, nil
}

// callNumber reads a call, by number or by name. A number need not be one that a table
// has: a filter is asked about any number, and newer kernels have calls that no table here
// names. It is the number as the kernel sees it, with x32's bit or MIPS' base.
func callNumber(abi arch.Arch, text string) (uint32, error) {
	if n, err := strconv.ParseUint(text, 0, 32); err == nil {
		return uint32(n), nil
	}
	if nr, ok := abi.Number(text); ok {
		return nr, nil
	}
	// A right name on the wrong ABI gets another message than a misspelt one.
	if arch.Known(text) {
		return 0, fmt.Errorf("%v has no call %q", abi, text)
	}
	if near := wording.NearestCall(text); near != "" {
		return 0, fmt.Errorf("unknown call %q; did you mean %q?", text, near)
	}
	return 0, fmt.Errorf("unknown call %q, want a name or a number", text)
}
