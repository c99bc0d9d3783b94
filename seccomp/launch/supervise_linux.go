// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/seccomp"
)

// This file writes down what ended a child with Cmd.Supervise, and leaves out what was no
// call of its program.

func (s *supervisor) forget(numbers ...uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.denials.entries {
		for _, nr := range numbers {
			if k.nr == nr && !k.signal {
				delete(s.denials.entries, k)
			}
		}
	}
}

// named says whether the tracer has written down which call of the child a signal
// answered.
func (s *supervisor) named() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracer != nil && s.tracer.named
}

// explainEnd writes down that the filter has ended the child, as far as its status
// tells.
func (c *Cmd) explainEnd(state *os.ProcessState) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() && status.Signal() == unix.SIGSYS && !c.supervisor.named() {
		c.supervisor.died(state.Pid(), unix.SIGSYS, nil)
	}
}

// explainStart writes down that the filter has ended a child that never came to
// its program.
func (l *launch) explainStart(err error) {
	var e *StartError
	if l.cmd.supervisor == nil || !errors.As(err, &e) || e.Signal != unix.SIGSYS || l.cmd.supervisor.named() {
		return
	}
	var c *seccomp.Call
	if last := &l.steps[len(l.steps)-1]; e.Stage == last.stage {
		made := l.made(last)
		c = &made
	}
	l.cmd.supervisor.died(0, unix.SIGSYS, c)
}
