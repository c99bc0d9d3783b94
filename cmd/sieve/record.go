// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/record"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
)

// A recording runs a command under a filter that asks sieve about every call
// (record.Everything), lets each go on, and writes a profile of what was seen. Before the
// profile is written it is resolved, proved and held to every call of the run: a profile
// that would deny one is an error, not a file.
//
// The filter only watches and protects nothing: sieve lets every call go on, so record
// only what you would run without a filter. Package internal/record has the recording
// itself and its limits; this file has the child, its signals and the files.
func recordCommand() *cli.Command {
	return &cli.Command{
		Name:      "record",
		Usage:     "watch a command and write the smallest profile under which it runs",
		ArgsUsage: "[--] COMMAND [ARG...]",
		Description: `Every call of the command and of what it starts is seen by a supervisor, without
privileges, ptrace or eBPF, and goes on. Calls take longer, and a signal whose handler
was set without SA_RESTART makes one fail with EINTR that never would otherwise if it
comes before the supervisor has answered. The profile allows the calls that were seen
and what programs need beside them, in Docker's dialect. What a run does not do, its profile does
not allow: record all that the program is for, in one run or in several. If the
file exists, the run is added to it.

The exit status is the command's and signals are handed on, as "sieve run" has it. Processes that the command
leaves behind are recorded until the last has ended, or until a signal comes: then
the profile is written, and their calls fail with ENOSYS. no_new_privs is set.

Examples:
  sieve record -o git.json -- git status
  sieve record --args -o server.json -- ./server
  sieve record --base default.json --runtime none -o mine.json -- make test`,
		Flags: []*cli.Flag{
			{Name: "output", Aliases: []string{"o"}, Required: true, Usage: "write the profile to `FILE`, or add the run to it; - is standard output"},
			{Name: "args", Kind: cli.Bool, Usage: "learn the values and flags of scalar arguments too"},
			{Name: "base", Usage: "add the run to the profile in `FILE`; docker is Docker's default"},
			{Name: "fresh", Kind: cli.Bool, Usage: "replace the file instead of adding to it"},
			{Name: "runtime", Value: "runc", Usage: "allow what `RUNTIME` needs to start a container too: runc, crun or none"},
		},
		StopAtArgument: true,
		Action: func(ctx context.Context, cmd *cli.Command) error {
			err := recordRun(ctx, cmd)
			if own := (*statusError)(nil); err != nil && !errors.As(err, &own) {
				return &statusError{statusFailed, err}
			}
			return err
		},
	}
}

// recordRun runs the command and writes the profile, whatever the command's own end. What
// could fail later is tried before anything runs: a run of an hour must not end with
// "permission denied".
func recordRun(ctx context.Context, cmd *cli.Command) error {
	command := cmd.Args().Slice()
	if len(command) == 0 {
		return errors.New("record: want a COMMAND: \"sieve record --help\" has examples")
	}
	runtime, err := record.ParseRuntime(cmd.String("runtime"))
	if err != nil {
		return fmt.Errorf("--runtime: %w%s", err, didYouMean(cmd.String("runtime"), []string{"none", "runc", "crun"}))
	}
	// The base is read for its errors, and read again after the run.
	base, _, err := recordBase(cmd) // before anything runs, as what follows
	if err != nil {
		return err
	}
	if name := cmd.String("output"); name != "-" {
		if err := replaceable(name); err != nil {
			return err
		}
	}
	r := &record.Recording{Args: cmd.Bool("args")}
	ended, err := watch(ctx, cmd, r, command)
	if err != nil {
		return err
	}
	var earlier []byte
	// Without this a second sieve that ended first would lose its run.
	if !cmd.IsSet("base") { // another run may have been added meanwhile
		if base, earlier, err = recordBase(cmd); err != nil {
			return err
		}
	}
	if err := writeRecording(cmd, r, base, earlier, runtime); err != nil {
		return err
	}
	return outcome(command[0], ended)
}

// recordBase is what the run is added to: the base, or an earlier run in the same file,
// or nothing. earlier is that file's text, nil for a base: replaceRead compares it before
// the file is replaced. An empty file, as mktemp(1) makes it, holds no earlier run.
func recordBase(cmd *cli.Command) (base *profile.Profile, earlier []byte, err error) {
	name, output, read := cmd.String("base"), cmd.String("output"), readInput
	if name == "" {
		info, err := os.Stat(output)
		switch {
		// There is nothing to add to.
		case output == "-" || cmd.Bool("fresh") || errors.Is(err, fs.ErrNotExist):
			return nil, nil, nil
		case err == nil && !info.Mode().IsRegular(): // a pipe, a terminal
			return nil, nil, nil
		}
		read, name = readText, output // a file of that name, even "docker"
	}
	in, err := read(cmd, name)
	if err != nil {
		return nil, nil, err
	}
	if len(bytes.TrimSpace(in.text)) == 0 && !cmd.IsSet("base") {
		return nil, in.text, nil // a file that was made for this
	}
	l, err := in.document(cmd, "dialect")
	if err != nil {
		return nil, nil, err
	}
	p := l.Profile()
	if p == nil {
		return nil, nil, fmt.Errorf("%s: a %s document, want docker, podman or oci: \"sieve convert\" writes one", in.name, l.Dialect())
	}
	return p, in.text, nil
}

// watch runs the command to its end, and until the last of its descendants has ended too:
// their calls fail with ENOSYS when the listener closes. ended is the command's own
// error, and err sieve's.
func watch(ctx context.Context, cmd *cli.Command, r *record.Recording, command []string) (ended, err error) {
	filter, err := record.Everything().Compile()
	if err != nil {
		return nil, err
	}
	root := cmd.Root()
	c := launch.Command(filter, command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = root.Reader, root.Writer, root.ErrWriter
	c.Listen = true
	// Before Start, so that no signal falls between the start of the child and the relay.
	signals := catchSignals()
	defer signals.stop()
	if err := c.Start(); err != nil {
		return nil, startError(command[0], err)
	}
	defer c.Listener.Close()
	signals.pass(c)
	progress := newProgress(root.ErrWriter)
	watching, stop := context.WithCancel(ctx)
	defer stop()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		err = r.Watch(watching, c.Listener, func() {
			progress.show(func() string { return fmt.Sprintf("%d calls, %d different", r.Count(), r.Distinct()) })
		})
	}()
	ended = c.Wait()
	leftBehind(ctx, progress, signals.divert, func(ctx context.Context) error {
		select {
		case <-watched:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	stop()
	if <-watched; errors.Is(err, context.Canceled) && ctx.Err() == nil {
		err = nil // what the rest still does is not in the profile
	}
	progress.clear()
	var start *launch.StartError
	if err == nil && errors.As(ended, &start) { // there is no run to write about
		return nil, startError(command[0], ended)
	}
	return ended, err
}

// writeRecording writes the profile, if it allows what was seen, and reports its size. A
// file that held an earlier run must still hold it: another sieve may have added a run
// meanwhile, which would be lost.
//
// The profile is text before it is written anywhere, and what is checked is that text, read
// again: an error in writing is then found here, and not by the container that does not
// start.
func writeRecording(cmd *cli.Command, r *record.Recording, base *profile.Profile, earlier []byte, runtime record.Runtime) error {
	p := r.Profile(base, runtime)
	t := recordTarget()
	if err := r.Complete(p, base, t); err != nil {
		return err
	}
	text, err := p.MarshalJSON()
	if err != nil {
		return err
	}
	if err := checkRecording(r, p, text, t); err != nil {
		return err
	}
	var doc bytes.Buffer
	if err := json.Indent(&doc, bytes.TrimSpace(text), "", "\t"); err != nil {
		return err
	}
	doc.WriteByte('\n')
	root := cmd.Root()
	switch name := cmd.String("output"); {
	case name == "-":
		_, err = root.Writer.Write(doc.Bytes())
	// Only if the file still holds the run that this one was added to.
	case earlier != nil:
		err = replaceRead(name, earlier, doc.Bytes())
	default:
		err = replaceFile(name, doc.Bytes())
	}
	if err != nil {
		return err
	}
	for _, c := range r.Calls() {
		if c.Name == "" {
			fmt.Fprintf(root.ErrWriter, "sieve: record: number %d of %v has no name and is not in the profile: it was made %d times\n", c.Nr, c.Arch, c.Count)
		}
	}
	allowed := map[string]bool{}
	for _, rule := range p.Syscalls {
		for _, name := range rule.Names {
			allowed[name] = true
		}
	}
	fmt.Fprintf(root.ErrWriter, "sieve: record: %d calls, %d different; %v a call in the supervisor; the profile names %d calls\n",
		r.Count(), r.Distinct(), r.PerCall().Round(100*time.Nanosecond), len(allowed))
	return nil
}

// checkRecording resolves the profile as it will be written, proves its filter and holds
// it to the run: every call that was seen must be allowed, with the arguments that something
// was learnt from. A rule of the base can deny one. If the profile denies a call, the error
// names the rule by its place in the base: the new text has no file yet that a place could
// lead to.
func checkRecording(r *record.Recording, placed *profile.Profile, text []byte, t profile.Target) error {
	p, err := profile.Parse(text)
	if err != nil {
		return err
	}
	policy, _, err := p.Resolve(t)
	if err != nil {
		return err
	}
	if _, err := proof.Compile(policy); err != nil {
		return err
	}
	err = r.Check(policy)
	if err == nil {
		return nil
	}
	if policy, _, failed := placed.Resolve(t); failed == nil {
		if named := r.Check(policy); named != nil {
			return named
		}
	}
	return err
}
