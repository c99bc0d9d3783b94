// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"unsafe"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file has the plan of the helper, which fetches the child's listener.

// planHelper makes the helper's plan: it sends the child's listener, when it is told
// to if it does not follow the child's exec anyway, and closes the child's number
// of it. A child that waits for an answer would keep its own listener alive. If the
// launcher is not there any more, nobody is to let the child go on.
func (l *launch) planHelper() {
	l.planCloseEnds(&l.first)
	b := make([]byte, 1)
	if !l.shared {
		l.planAwait(&b[0])
	}
	data := &unix.Iovec{Base: &b[0]}
	data.SetLen(1)
	message := &unix.Msghdr{Iov: data, Control: (*byte)(unsafe.Pointer(&l.report.Listener))}
	message.SetIovlen(1)
	message.SetControllen(unix.CmsgLen(4))
	s := l.helper.addCall(StageFilter, "listener", unix.SYS_SENDMSG, uintptr(l.hand.theirs), address(&l.helper, message), unix.MSG_NOSIGNAL)
	s.Op, s.Want = child.OpNote, 1
	if !l.shared { // else exec has closed it
		s = l.helper.addCall(StageFilter, "listener", unix.SYS_CLOSE)
		s.Op, s.Keep = child.OpNote, &l.report.Listener.FD
	}
	if l.cmd.HandOver != nil {
		l.planAwait(&b[0])
	}
	// The id is the child's: who would wait for it is gone, and its heir is not so fast.
	s = l.helper.addCall(StageFilter, "launcher", unix.SYS_KILL, 0, uintptr(unix.SIGKILL))
	s.Op, s.Keep, s.Fate = child.OpKill, &l.report.Child, &l.report.Fate
}

// planAwait has the helper wait for a byte of the launcher.
func (l *launch) planAwait(b *byte) {
	s := l.helper.addCall(StageFilter, "listener", unix.SYS_READ, uintptr(l.hand.theirs), address(&l.helper, b), 1)
	s.Op, s.Want = child.OpNote, 1
}
