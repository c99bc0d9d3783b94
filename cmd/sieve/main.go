// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/marathon"
	"github.com/gosieve/sieve/profile"
)

// Exit statuses. A command under a filter passes its own on (run.go).
const (
	statusNo      = 1 // the answer is no: filters differ, a profile has errors
	statusTrouble = 2 // no answer: bad input, bad usage, a failing system call
)

// main is also the watcher of marathon's tasks: the same program under another name,
// which must not read sieve's arguments. (The witness of signals has a name as well, but
// never runs.)
func main() {
	if os.Args[0] == marathon.WatcherName {
		marathon.Watch(os.Stdin)
		return
	}
	os.Exit(sieve(context.Background(), os.Args, os.Stdin, os.Stdout, os.Stderr))
}

// sieve is the whole command, and returns its exit status. Tests call it with buffers:
// apart from signals and children, nothing reaches the process's own streams behind its
// back.
func sieve(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.Reader, root.Writer, root.ErrWriter = stdin, stdout, stderr
	return status(root.Run(ctx, args), inputsOf(root), stderr)
}

// rootCommand has the subcommands in the order in which help lists them.
func rootCommand() *cli.Command {
	return &cli.Command{
		Name:        "sieve",
		Usage:       "compile, inspect and apply seccomp profiles",
		Description: about,
		Version:     version(),
		UsageError:  usageError,
		Commands: []*cli.Command{
			runCommand(), compileCommand(), disasmCommand(), asmCommand(), evalCommand(), explainCommand(), proveCommand(), diffCommand(), auditCommand(), decompileCommand(),
			convertCommand(), mergeCommand(), lintCommand(), reportCommand(), recordCommand(), deriveCommand(), syscallsCommand(), featuresCommand(), marathonCommand(),
			completionCommand(), completeCommand(),
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				name := cmd.Args().First()
				return fmt.Errorf("unknown command %q%s \"sieve help\" lists the commands", name, before(nearCommand(name, cmd)))
			}
			return cmd.Help()
		},
	}
}

// about is the end of "sieve help".
const about = `Examples:
  sieve run -- sh -c 'id; unshare --user true'      a command under Docker's default profile
  sieve compile --arch arm64 --format asm docker    a filter as assembler text
  sieve syscalls --arch s390x openat 5              names and numbers
  sieve run --help                                  flags and examples of a command`

// version is the module's, as the go command has written it down.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// usageError is an error of the command line with the word that was meant, and where to
// read on. It is one line: the help of the whole command would push it off the screen.
func usageError(cmd *cli.Command, err error) error {
	var command *cli.UnknownCommandError
	if errors.As(err, &command) {
		return fmt.Errorf("help: %w%s \"%s help\" lists the commands", err, before(nearCommand(command.Name, cmd)), cmd.FullName())
	}
	return fmt.Errorf("%w%s \"%s --help\" shows the flags", err, before(nearFlag(cmd, err)), cmd.FullName())
}

// statusError is an error with an exit status of its own. With a nil err it has been
// reported already, or there is nothing to report: the child's status is passed on.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit status %d", e.status)
	}
	return e.err.Error()
}

func (e *statusError) Unwrap() error { return e.err }

// status reports an error, with the line that it is about, and returns the exit status. What a dialect cannot say is an
// answer (1), whichever command it comes from; any error that no command has given a
// status is trouble (2).
func status(err error, read *inputs, stderr io.Writer) int {
	var own *statusError
	var unsayable *profile.UnsayableError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &own):
	case errors.As(err, &unsayable): // an answer, whichever command it comes from
		own = &statusError{statusNo, err}
	default:
		own = &statusError{statusTrouble, err}
	}
	if own.err != nil {
		read.complain(stderr, own.err)
	}
	return own.status
}

// noArguments refuses arguments that a command does not take.
func noArguments(cmd *cli.Command) error {
	if cmd.Args().Present() {
		return fmt.Errorf("%s: unexpected argument %q", cmd.Name, cmd.Args().First())
	}
	return nil
}
