// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"syscall"
)

// outcome turns the command's end into sieve's own: its exit status or, after a signal,
// 128 plus the signal's number, as a shell has it. SIGSYS gets a message, since it is
// what the filter does.
func outcome(name string, err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	if !ok || !status.Signaled() {
		return &statusError{exit.ExitCode(), nil}
	}
	own := &statusError{status: statusSignal + int(status.Signal())}
	if status.Signal() == syscall.SIGSYS {
		own.err = fmt.Errorf("%s was killed by SIGSYS: it made a call that the profile kills or traps", name)
	}
	return own
}
