// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/seccomp"
)

// This file writes down what ended a child with Cmd.Supervise.

// explainEnd writes down that the filter has ended the child, as far as its status
// tells.
func (c *Cmd) explainEnd(state *os.ProcessState) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() && status.Signal() == unix.SIGSYS && !c.supervisor.Named() {
		c.supervisor.Died(state.Pid(), unix.SIGSYS, nil)
	}
}

// explainStart writes down that the filter has ended a child that never came to
// its program.
func (l *launch) explainStart(err error) {
	var e *StartError
	if l.cmd.supervisor == nil || !errors.As(err, &e) || e.Signal != unix.SIGSYS || l.cmd.supervisor.Named() {
		return
	}
	var c *seccomp.Call
	if last := &l.steps[len(l.steps)-1]; e.Stage == Stage(last.Stage) {
		made := l.callOf(last)
		c = &made
	}
	l.cmd.supervisor.Died(0, unix.SIGSYS, c)
}
