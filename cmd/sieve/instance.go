// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"io"
	"os"

	"github.com/gosieve/sieve/cmd/sieve/internal/cli"
	"github.com/gosieve/sieve/internal/marathon"
	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
)

// marathonRun starts each instance as a process of this machine and starts it again when it ends, with
// the delays of Marathon (package internal/marathon). Two things end it: a signal, after which tasks have
// their grace period, and a second one. A watcher process kills the tasks if sieve itself is killed. An
// event that cannot be written is an error at the end, and stops nothing.
func marathonRun(ctx context.Context, cmd *cli.Command) error {
	definitions, err := readDefinitions(cmd)
	if err != nil {
		return err
	}
	// Filters are for this machine and its running kernel, unlike those of check.
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
		// The file is appended to: events of an earlier run are a log, and must stay.
		f, err := os.OpenFile(name, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
		if err != nil {
			return err
		}
		defer f.Close()
		events = f
	}
	// Before the first task, so that no task is without a watcher, however early sieve is
	// killed.
	watcher, err := marathon.StartWatcher()
	if err != nil {
		return err
	}
	defer watcher.Close()
	// After everything that can fail: until here a signal ends sieve as usual.
	ctx, hurry, end := untilSignal(ctx)
	defer end()
	s := newScreen(cmd.Root().Writer)
	launcher := &marathon.Launcher{Agent: agent, Target: host, Watcher: watcher, Output: func(t marathon.Task, c *mesos.Container) io.Writer {
		return s.prefixed(t.ID())
	}}
	// lost is the first event that could not be written. A full disk must not stop the
	// tasks.
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
