// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"

	"github.com/gosieve/sieve/seccomp/launch"
)

// child is a command that can be started: an exec.Cmd without a filter, or a launch.Cmd.
type child interface {
	Start() error
	Wait() error
}

// signal sends a signal to the child. Its error is dropped: it says that the child has
// ended, which Wait reports.
func signal(c child, s os.Signal) {
	switch c := c.(type) {
	case *exec.Cmd:
		c.Process.Signal(s)
	case *launch.Cmd:
		c.Process.Signal(s)
	}
}

// then is what is to be done once a child has started, and once it has ended and the
// processes that it left behind have too.
type then struct {
	started func(context.Context) error
	ended   func() error
}

// startError gives the exit status for a command that did not start, as env(1) has them:
// 127 if it is not found, 126 if it cannot be executed, 125 if sieve failed before. An
// error about the listener comes from the supervisor's side, so it is 125 whatever system
// error it wraps.
func startError(name string, err error) error {
	status := statusFailed
	var confined *launch.StartError
	var unconfined *fs.PathError
	errors.As(err, &confined)
	switch {
	case confined != nil && confined.Stage == launch.StageListener: // says nothing of the command
	case errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound):
		status = statusNotFound
	case errors.Is(err, fs.ErrPermission),
		confined != nil && confined.Stage == launch.StageExec && confined.Signal == nil,
		errors.As(err, &unconfined):
		status = statusCannot
	}
	return &statusError{status, fmt.Errorf("%s: %w", name, err)}
}
