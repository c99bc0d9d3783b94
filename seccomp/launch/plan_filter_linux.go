// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
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
		s := l.call(StageFilter, what, nr, args[:]...)
		s.flags = seccomp.Flags(c.Flags)
		fallback := system.HasFallback(calls, i)
		switch {
		case c.Want == system.Failure:
			s.op = opProbe
			if fallback {
				s.want = 1 // it is passed over
			}
		case c.Want == system.Listener:
			s.op, s.keep = opKeep, &l.report.listener.fd
		case fallback: // without flags no other thread has to follow
			s.op = opElse
		case !c.Fallback:
			s.op = opWant // 0
		}
	}
	l.filtered = len(l.steps)
	if l.cmd.HandOver != nil {
		l.steps = append(l.steps, step{stage: StageListener, op: opHold})
	}
}
