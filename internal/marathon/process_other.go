// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package marathon

import (
	"fmt"
	"io"

	"github.com/gosieve/sieve/seccomp"
)

// process stands in for the one of Linux. Launcher.Start always fails here, so that
// `sieve marathon check` can be built and used on every system while `run` says why it
// cannot work.
type process struct {
	container, profile string
	confined           bool
	pid                int
	watcher            *Watcher
}

func (*process) unconfined([]string, []string, io.Writer) error { return errNotHere }

func (*process) under(*seccomp.Policy, seccomp.Flags, []string, []string, io.Writer) error {
	return errNotHere
}

func (*process) Wait() Exit { return Exit{} }
func (*process) Stop()      {}
func (*process) Kill()      {}

// Watcher is for tasks, of which there are none here.
type Watcher struct{}

// WatcherName is nobody's.
const WatcherName = "sieve: watcher of tasks"

// StartWatcher fails: no tasks can run here.
func StartWatcher() (*Watcher, error) { return nil, errNotHere }
func Watch(io.Reader)                 {}
func (*Watcher) Close() error         { return nil }

var errNotHere = fmt.Errorf("tasks run on Linux alone: %w", seccomp.ErrNotSupported)
