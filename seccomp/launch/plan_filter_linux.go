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
		s := l.call(StageFilter, what, nr, args[:]...)
		s.Flags = seccomp.Flags(c.Flags)
		fallback := system.HasFallback(calls, i)
		switch {
		case c.Want == system.Failure:
			s.Op = child.OpProbe
			if fallback {
				s.Want = 1 // it is passed over
			}
		case c.Want == system.Listener:
			s.Op, s.Keep = child.OpKeep, &l.report.Listener.FD
		case fallback: // without flags no other thread has to follow
			s.Op = child.OpElse
		case !c.Fallback:
			s.Op = child.OpWant // 0
		}
	}
	l.filtered = len(l.steps)
	if l.cmd.HandOver != nil {
		l.act(StageListener, child.OpHold)
	}
}
