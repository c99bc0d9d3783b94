// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/launch/internal/child"
)

// This file has the steps of a plan that bring the filter into force. The list of calls is
// that of seccomp/internal/system.

// planFilter appends what brings the filter into force: the same calls, in the same order,
// that Install makes on its own thread (package system).
func (l *launch) planFilter() {
	calls := system.Calls(l.filter, uint32(l.flags), l.asker)
	l.keep = append(l.keep, calls)
	for i := range calls {
		c := &calls[i]
		what := ""
		if c.Program >= 0 && len(l.filter) > 1 {
			what = fmt.Sprintf("program %d of %d", c.Program+1, len(l.filter))
		}
		nr, args := c.Raw()
		s := l.addCall(StageFilter, what, nr, args[:]...)
		s.Flags = seccomp.Flags(c.Flags)
		fallback := system.HasFallback(calls, i)
		s.Op = opOf(c, fallback)
		switch {
		case s.Op == child.OpProbe && fallback:
			s.Want = 1 // it is passed over
		case s.Op == child.OpKeep:
			s.Keep = &l.report.Listener.FD
		}
	}
	l.filtered = len(l.steps)
	if l.cmd.HandOver != nil {
		l.addStep(StageListener, child.OpHold)
	}
}

// opOf returns how the child makes a call and which results are right:
//
//	Want      hasFallback  Fallback
//	Failure   any          any       OpProbe  must fail
//	Listener  no           no        OpKeep   the result is the listener
//	Zero      yes          no        OpElse   any result but an error: without flags no other thread has to follow
//	Zero      no           no        OpWant   the result is 0
//	Zero      no           yes       OpCall   prctl(2), whose result is an error or 0
//
// A call that asks for a listener has flags, and so no fallback.
func opOf(c *system.Call, hasFallback bool) child.Op {
	switch {
	case c.Want == system.Failure:
		return child.OpProbe
	case c.Want == system.Listener:
		return child.OpKeep
	case hasFallback:
		return child.OpElse
	case c.Fallback:
		return child.OpCall
	}
	return child.OpWant // 0
}
