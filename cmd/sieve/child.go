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

// child is a command that can be started: an exec.Cmd or a seccomp.Cmd.
type child interface {
	Start() error
	Wait() error
}

// signal sends a signal. An error says that the child has ended.
func signal(c child, s os.Signal) {
	switch c := c.(type) {
	case *exec.Cmd:
		c.Process.Signal(s)
	case *launch.Cmd:
		c.Process.Signal(s)
	}
}

// then is what is to be done once a child has started, and once it has ended.
type then struct {
	started func(context.Context) error
	ended   func() error
}

// startError gives the exit status for a command that did not start.
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
