// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/features"
	"github.com/gosieve/sieve/seccomp/launch"
)

// Exit statuses of run that are not the command's own, as the shell and env(1)
// have them. A signal is 128 and its number.
const (
	statusFailed   = 125 // sieve could not do its part
	statusCannot   = 126 // the command is there and cannot be run
	statusNotFound = 127 // it is not there
	statusSignal   = 128
)

// The way of a run:
//
//	prepare    the child, under its filter if there is one
//	catch      signals, so that none is lost between start and relay
//	start      the child; the filter is in force before its program runs
//	relay      signals, until the child has ended
//	descendants are waited for where a supervisor answers their calls
//	ended      reports, and the child's status becomes sieve's
//
// sieve stays as the parent, and does not execute the command in its own place: it has to
// relay, to supervise and to report.
func runCommand() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "run a command under a profile",
		ArgsUsage: "[--] COMMAND [ARG...]",
		Description: `The exit status is the command's, or 128 + n if signal n ended it; 125 if sieve
fails, 126 if the command cannot be run and 127 if it is not found. The profile
unconfined runs it without a filter. no_new_privs is always set with a filter.

Signals to sieve are handed on to the command, and a signal that is ignored at the
start stays ignored in both. What reaches the whole process group, as the terminal's
keys do, the command has already; where tracing is forbidden this is only known of
the keys. SIGKILL, SIGSTOP, SIGCHLD, SIGURG, SIGPIPE, SIGPROF and faults are sieve's own.

With --explain a supervisor carries out what the profile denies or logs, with the
same results for the command, and reports it when the command has ended: each
call, how often, which rule, and the smallest change that would allow it. It waits
for processes that the command leaves behind, or for a signal: what is denied or
logged after it has gone fails with ENOSYS. Calls that kill or trap are named with
--trace.

Examples:
  sieve run -- sh -c 'id; unshare --user true'
  sieve run --explain -- unshare --user true
  sieve run --profile relaxed.json --cap CAP_SYS_PTRACE -- strace true`,
		Flags:          append(append(policyFlags(), proveFlag(), effortFlag()), explainFlags()...),
		StopAtArgument: true,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			err := run(ctx, cmd)
			var own *statusError
			if err != nil && !errors.As(err, &own) {
				return &statusError{statusFailed, err}
			}
			return err
		},
	}
}

// run does what the subcommand is for. Its errors have no status of their own unless the
// command was started: the caller gives them 125.
func run(ctx context.Context, cmd *cli.Command) error {
	command := cmd.Args().Slice()
	if len(command) == 0 {
		return errors.New("run: want a COMMAND: \"sieve run --help\" has examples")
	}
	child, then, err := prepare(ctx, cmd, command)
	if err != nil {
		return err
	}
	signals := catchSignals() // before there is a child that would not get them
	defer signals.stop()
	if err := child.Start(); err != nil {
		return startError(command[0], err)
	}
	if err := then.started(ctx); err != nil {
		return err
	}
	// From here on signals reach the child; those that came since catchSignals are handed
	// on now.
	signals.pass(child)
	ended := child.Wait()
	if c, ok := child.(*launch.Cmd); ok {
		leftBehind(ctx, cmd.Root().ErrWriter, signals.divert, c.WaitDescendants)
	}
	if err := then.ended(); err != nil {
		return err
	}
	return outcome(command[0], ended)
}

// prepare makes the command under the filter that the flags ask for. "unconfined" runs it
// without one, with the same signals and statuses, for a comparison. --report is tried
// before anything runs.
func prepare(ctx context.Context, cmd *cli.Command, command []string) (child, *then, error) {
	root := cmd.Root()
	if cmd.String("profile") == "unconfined" {
		if explaining(cmd) {
			return nil, nil, errors.New("--explain: unconfined denies nothing")
		}
		c := exec.Command(command[0], command[1:]...)
		c.Stdin, c.Stdout, c.Stderr = root.Reader, root.Writer, root.ErrWriter
		return c, &then{func(context.Context) error { return nil }, func() error { return nil }}, nil
	}
	if name := cmd.String("report"); name != "" && name != "-" {
		if err := replaceable(name); err != nil {
			return nil, nil, fmt.Errorf("--report: %w", err)
		}
	}
	c, err := confine(ctx, cmd, command)
	if err != nil {
		return nil, nil, err
	}
	c.Stdin, c.Stdout, c.Stderr = root.Reader, root.Writer, root.ErrWriter
	return c.Cmd, &then{c.handedOver, func() error { return c.report(cmd) }}, nil
}

// confined is a command under a profile's filter, with what its report needs.
type confined struct {
	*launch.Cmd
	profile *dialect.Document
	policy  *seccomp.Policy
	target  profile.Target
}

// confine resolves the profile for the running machine, compiles and proves the filter,
// and makes the child. If the profile leaves calls to a supervisor, its socket is
// connected here, so that the error comes before anything runs if no supervisor is there.
func confine(ctx context.Context, cmd *cli.Command, command []string) (*confined, error) {
	host, err := hostTarget(cmd)
	if err != nil {
		return nil, err
	}
	p, policy, err := loadFor(cmd, host)
	if err != nil {
		return nil, err
	}
	filter, err := compiled(ctx, cmd, policy)
	if err != nil {
		return nil, unproved(err)
	}
	c := launch.Command(filter, command[0], command[1:]...)
	c.Flags = p.InstallFlags(features.Flags())
	if explaining(cmd) {
		c.Supervise, c.Trace = policy, cmd.Bool("trace")
	}
	child := &confined{c, p, policy, host}
	if asksSupervisor(policy) {
		return child, child.supervise()
	}
	return child, nil
}
