// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/gosieve/sieve/internal/marathon"
	"github.com/gosieve/sieve/profile"
	"github.com/urfave/cli/v3"
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
	var unknown error // to "help", which has no way to return it
	forEach(root, func(c *cli.Command) {
		c.OnUsageError = usageError
		c.HideHelpCommand = len(c.Commands) == 0 // "help" may be a file, or the command to run
		c.CommandNotFound = func(_ context.Context, cmd *cli.Command, name string) { unknown = noTopic(cmd, name) }
	})
	err := root.Run(ctx, args)
	if err == nil {
		err = unknown
	}
	return status(err, stderr)
}

// rootCommand has the subcommands in the order in which help lists them. Help and usage
// errors are those of package cli, but for what the fields below replace.
func rootCommand() *cli.Command {
	return &cli.Command{
		Name:           "sieve",
		Usage:          "compile, inspect and apply seccomp profiles",
		Description:    about,
		Version:        version(),
		Suggest:        true,
		ExitErrHandler: func(context.Context, *cli.Command, error) {}, // status reports errors
		Commands: []*cli.Command{
			runCommand(), compileCommand(), disasmCommand(), evalCommand(), explainCommand(), proveCommand(), diffCommand(), decompileCommand(),
			convertCommand(), mergeCommand(), lintCommand(), recordCommand(), syscallsCommand(), featuresCommand(), marathonCommand(),
			completionCommand(), completeCommand(),
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				name := cmd.Args().First()
				return fmt.Errorf("unknown command %q%s: \"sieve help\" lists the commands", name, didYouMean(name, commandNames(cmd)))
			}
			return cli.ShowRootCommandHelp(cmd)
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

// forEach calls f for a command and all below it.
func forEach(c *cli.Command, f func(*cli.Command)) {
	f(c)
	for _, below := range c.Commands {
		forEach(below, f)
	}
}

// usageError is one line with the flag that was meant. Package cli would print the help
// text of the whole command, which pushes the message off the screen.
func usageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	return fmt.Errorf("%w%s: \"%s --help\" shows the flags", err, nearFlag(cmd, err), cmd.FullName())
}

// noTopic is the error of "sieve help NAME" for a command that is not there.
func noTopic(cmd *cli.Command, name string) error {
	return fmt.Errorf("help: unknown command %q%s: \"%s help\" lists the commands", name, didYouMean(name, commandNames(cmd)), cmd.FullName())
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

// status reports an error and returns the exit status. What a dialect cannot say is an
// answer (1), whichever command it comes from; any error that no command has given a
// status is trouble (2).
func status(err error, stderr io.Writer) int {
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
		complain(stderr, own.err)
	}
	return own.status
}

// mostErrors is how many errors of one document are written; lint writes all. The first
// say what is wrong, and a terminal shows about that many lines.
const mostErrors = 20

// complain writes an error, and what else is wrong with the same document.
func complain(w io.Writer, err error) {
	fmt.Fprintf(w, "sieve: %v\n", err)
	var known *profile.Error
	if !errors.As(err, &known) {
		return
	}
	for i, d := range known.Also {
		if i == mostErrors-1 {
			fmt.Fprintf(w, "sieve: %s: \"sieve lint\" writes all\n", counted(len(known.Also)-i, "more error"))
			return
		}
		fmt.Fprintf(w, "sieve: %v\n", &profile.Error{Diagnostic: d, Kind: profile.ErrProfile})
	}
}

// noArguments refuses arguments that a command does not take.
func noArguments(cmd *cli.Command) error {
	if cmd.Args().Present() {
		return fmt.Errorf("%s: unexpected argument %q", cmd.Name, cmd.Args().First())
	}
	return nil
}
