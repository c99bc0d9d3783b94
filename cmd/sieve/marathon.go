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
	"os"
	"slices"
	"strings"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/marathon"
	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/urfave/cli/v3"
)

func marathonCommand() *cli.Command {
	return &cli.Command{
		Name:  "marathon",
		Usage: "check and run Marathon apps and pods under a Mesos agent's profiles",
		Commands: []*cli.Command{
			{
				Name:      "check",
				Usage:     "say what would happen on an agent",
				ArgsUsage: "APP.json...",
				Description: `For each container: the profile, where it is from, whether the agent takes it, and
whether its filter is proved. The exit status is 1 if a launch would fail or
a recorded call would be denied.

Example:
  sieve marathon check --seccomp-config-dir examples/marathon/seccomp \
    --seccomp-profile-name default.json examples/marathon/default.json`,
				Flags: append(agentFlags("those of an agent that runs as root: all"), archFlag(),
					&cli.StringFlag{Name: "record", Usage: "say which calls in `FILE` would be denied: one a line, as eval --calls reads them"}),
				Action: marathonCheck,
			},
			{
				Name:      "run",
				Usage:     "run the instances here, with Marathon's back-off",
				ArgsUsage: "APP.json...",
				Description: `Each instance is a process on this machine, under the profile that an agent would
give it, with no_new_privs (which an agent does not set). One that ends starts
again after Marathon's delay.

SIGINT, SIGTERM, SIGHUP and SIGPIPE (nobody reads the output any more) stop all: each
task gets SIGTERM, and SIGKILL after its grace period or at a second signal. Tasks
are killed if sieve ends in any other way. Signals ignored at the start stay ignored.

Example:
  sieve marathon run --seccomp-config-dir examples/marathon/seccomp \
    --seccomp-profile-name default.json examples/marathon/default.json`,
				Flags: append(agentFlags("the bounding set of this process, as for Mesos' launcher"),
					&cli.StringFlag{Name: "events", Usage: "append each event to `FILE` as a line of JSON"}),
				Action: marathonRun,
			},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return fmt.Errorf("marathon: %w", unknownWord("command", cmd.Args().First(), "check", "run"))
			}
			return cli.ShowSubcommandHelp(cmd)
		},
	}
}

// agentFlags are how the agent is set up.
func agentFlags(caps string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "seccomp-config-dir", Usage: "the agent's `DIR` of profiles", Required: true},
		&cli.StringFlag{Name: "seccomp-profile-name", Usage: "the agent's default profile `NAME`", DefaultText: "none: no filter"},
		&cli.StringFlag{Name: "dialect", Value: "mesos", Usage: "read profiles as `DIALECT`: mesos, or docker, which no agent does"},
		&cli.StringSliceFlag{Name: "cap", Usage: "resolve for these effective `CAPABILITIES`, and change none", DefaultText: caps},
		&cli.StringSliceFlag{Name: "bounding-cap", Usage: "resolve for this bounding set of `CAPABILITIES`", DefaultText: "that of --cap"},
		&cli.BoolFlag{Name: "follow-out", Usage: "follow names and links out of the folder, as Mesos does"},
	}
}

// agentWords are the values of --dialect.
func agentWords() []string { return []string{string(profile.Mesos), string(profile.Docker)} }

// startAgent starts the agent that the flags say.
func startAgent(cmd *cli.Command, native arch.Arch) (*mesos.Isolator, error) {
	a := mesos.Agent{ConfigDir: cmd.String("seccomp-config-dir"), DefaultProfile: cmd.String("seccomp-profile-name"),
		Native: native, FollowOut: cmd.Bool("follow-out")}
	switch d := cmd.String("dialect"); d {
	case string(profile.Mesos):
	case string(profile.Docker):
		a.Docker = true
	default:
		return nil, fmt.Errorf("--dialect: %w", unknownWord("dialect", d, agentWords()...))
	}
	i, err := a.Start()
	if err != nil {
		return nil, &statusError{statusNo, fmt.Errorf("the agent would not start: %w%s", err, fix(err))}
	}
	return i, nil
}

// fix is what would mend an error, on a line of its own.
func fix(err error) string {
	var e *mesos.Error
	if errors.As(err, &e) && e.Fix != "" {
		return "\n  " + e.Fix
	}
	return ""
}

// agentCaps is the bounding set that includes and excludes ask.
func agentCaps(cmd *cli.Command, process []string) ([]string, error) {
	c := mesos.Capabilities{Process: process}
	var err error
	if cmd.IsSet("cap") {
		if c.Effective, err = capsOf(cmd, "cap"); err != nil {
			return nil, err
		}
	}
	if cmd.IsSet("bounding-cap") {
		if c.Bounding, err = capsOf(cmd, "bounding-cap"); err != nil {
			return nil, err
		}
	}
	return c.Set(), nil
}

// readDefinitions reads the files, and reports what is wrong with them.
func readDefinitions(cmd *cli.Command) ([]mesos.Definition, error) {
	if !cmd.Args().Present() {
		return nil, fmt.Errorf("%s: want APP.json: \"sieve marathon %s --help\" has an example", cmd.Name, cmd.Name)
	}
	w := cmd.Root().ErrWriter
	var all []mesos.Definition
	refused := false
	for _, name := range cmd.Args().Slice() {
		doc, err := readFile(cmd, name)
		if err != nil {
			return nil, err
		}
		definitions, diagnostics, err := mesos.ParseMarathon(shown(name), doc)
		for _, d := range diagnostics {
			fmt.Fprintln(w, d)
		}
		if err != nil {
			refused = true
			reportRefusal(w, err)
		}
		for _, d := range definitions {
			if slices.ContainsFunc(all, func(o mesos.Definition) bool { return o.ID == d.ID }) {
				refused = true
				fmt.Fprintf(w, "%s: error: %s is defined twice\n", shown(name), d.ID)
			}
			all = append(all, d)
		}
	}
	if refused {
		return nil, &statusError{statusNo, nil}
	}
	return all, nil
}

// reportRefusal writes each of joined errors with its place.
func reportRefusal(w io.Writer, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, one := range joined.Unwrap() {
			reportRefusal(w, one)
		}
		return
	}
	var e *mesos.Error
	if errors.As(err, &e) {
		fmt.Fprintf(w, "%v: error: %v\n", e.Place, e)
		return
	}
	fmt.Fprintln(w, err)
}

func marathonCheck(_ context.Context, cmd *cli.Command) error {
	native, err := archOf(cmd)
	if err != nil {
		return err
	}
	definitions, err := readDefinitions(cmd)
	if err != nil {
		return err
	}
	caps, err := agentCaps(cmd, profile.AllCaps())
	if err != nil {
		return err
	}
	calls, err := recorded(cmd)
	if err != nil {
		return err
	}
	agent, err := startAgent(cmd, native)
	if err != nil {
		return err
	}
	t := profile.Target{Arch: native, Kernel: arch.Newest, Caps: caps}
	good := true
	for i := range definitions {
		def := &definitions[i]
		for j := range def.Containers {
			r := marathon.Check(agent, t, def, &def.Containers[j], calls)
			report(cmd.Root().ErrWriter, r.Diagnostics)
			good = writeReport(cmd.Root().Writer, r, len(calls)) && good
		}
	}
	if !good {
		return &statusError{statusNo, nil}
	}
	return nil
}

// recorded are the calls of --record.
func recorded(cmd *cli.Command) ([]seccomp.Call, error) {
	name := cmd.String("record")
	if name == "" {
		return nil, nil
	}
	text, err := readFile(cmd, name)
	if err != nil {
		return nil, err
	}
	var calls []seccomp.Call
	for n, line := range bytes.Split(text, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) == 0 {
			continue
		}
		call, err := parseCall(line)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", shown(name), n+1, err)
		}
		calls = append(calls, *call)
	}
	return calls, nil
}

// writeReport writes what would become of a container, and returns whether it runs.
func writeReport(w io.Writer, r marathon.Report, calls int) bool {
	name := r.Definition.ID
	if r.Container.Name != "" {
		name += ": " + r.Container.Name
	}
	switch {
	case r.Container.Docker:
		fmt.Fprintf(w, "%s: run by Docker, under none of the agent's profiles\n", name)
		return true
	case r.Err != nil:
		fmt.Fprintf(w, "%s: would fail: %v%s\n", name, r.Err, fix(r.Err))
		return false
	case r.Launch.Unconfined() && r.Launch.Default:
		fmt.Fprintf(w, "%s: unconfined, as the agent has no default profile\n", name)
		return true
	case r.Launch.Unconfined():
		fmt.Fprintf(w, "%s: unconfined\n", name)
		return true
	}
	fmt.Fprintf(w, "%s: %s from %s: taken, %d instructions, proved\n", name, marathon.Name(r.Launch), r.Launch.Path, r.Instructions)
	denied := 0
	for _, d := range r.Denied {
		denied += d.Count
		by := "the default action"
		if d.Origin != "" {
			by = d.Origin
		}
		fmt.Fprintf(w, "  denied: %s, %d times: %v by %s\n", callName(&d.Call), d.Count, d.Action, by)
	}
	if calls > 0 {
		fmt.Fprintf(w, "  %d of %d recorded calls would be denied\n", denied, calls)
	}
	return denied == 0
}

// callName is a call for people: "unshare (x86_64, 272)".
func callName(c *seccomp.Call) string {
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		return fmt.Sprintf("number %d of AUDIT_ARCH %#x", c.Nr, c.Audit)
	}
	name, ok := abi.Name(c.Nr)
	if !ok {
		name = "no known call"
	}
	return fmt.Sprintf("%s (%v, %d)", name, abi, c.Nr)
}

func marathonRun(ctx context.Context, cmd *cli.Command) error {
	definitions, err := readDefinitions(cmd)
	if err != nil {
		return err
	}
	host, err := profile.Host()
	if err != nil {
		return err
	}
	if host.Caps, err = agentCaps(cmd, host.Caps); err != nil {
		return err
	}
	agent, err := startAgent(cmd, host.Arch)
	if err != nil {
		return err
	}
	events := io.Discard
	if name := cmd.String("events"); name != "" {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		defer f.Close()
		events = f
	}
	watcher, err := marathon.StartWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	ctx, hurry, end := untilSignal(ctx)
	defer end()
	s := newScreen(cmd.Root().Writer)
	launcher := &marathon.Launcher{Agent: agent, Target: host, Watcher: watcher, Output: func(t marathon.Task, c *mesos.Container) io.Writer {
		return s.prefixed(t.ID())
	}}
	var lost error
	runner := marathon.Runner{Start: launcher.Start, Hurry: hurry, Emit: func(e marathon.Event) {
		s.line(e.String())
		line, err := json.Marshal(e)
		if err == nil {
			_, err = events.Write(append(line, '\n'))
		}
		if lost == nil {
			lost = err
		}
	}}
	if s.terminal {
		runner.Show = s.show
	}
	runner.Run(ctx, definitions)
	s.show(nil)
	return lost
}

// lines splits what is written into lines.
type lines struct {
	emit func(string)
	rest []byte
}

func (l *lines) Write(b []byte) (int, error) {
	l.rest = append(l.rest, b...)
	for {
		i := bytes.IndexByte(l.rest, '\n')
		if i < 0 && len(l.rest) < bufio.MaxScanTokenSize {
			return len(b), nil
		}
		if i < 0 {
			i = len(l.rest) - 1
		}
		l.emit(strings.TrimSuffix(string(l.rest[:i+1]), "\n"))
		l.rest = l.rest[i+1:]
	}
}
