// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"strconv"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file has the steps of a plan that change the child's surroundings: cgroup, session,
// namespaces, descriptors, terminal.

// planCgroup moves the child before it does anything that the group should account for.
func (l *launch) planCgroup() {
	if l.attr.UseCgroupFD {
		zero := []byte("0") // the writer itself
		l.addCall(StageCgroup, "", unix.SYS_WRITE, uintptr(l.cgroupProcs), address(&l.plan, &zero[0]), 1)
	}
}

// planSession gives the child a session, a process group, and the foreground of a terminal.
func (l *launch) planSession() {
	a := l.attr
	if a.Setsid {
		l.addCall(StageSession, "setsid", unix.SYS_SETSID)
	}
	if a.Setpgid || a.Foreground {
		l.addCall(StageSession, "setpgid "+strconv.Itoa(a.Pgid), unix.SYS_SETPGID, 0, uintptr(a.Pgid))
	}
	if !a.Foreground {
		return
	}
	group := new(int32)
	*group = int32(a.Pgid)
	if a.Pgid == 0 {
		s := l.addCall(StageSession, "getpid", unix.SYS_GETPID)
		s.Op, s.Keep = child.OpKeep, group
	}
	// Signals are still blocked: this one sends SIGTTOU.
	l.addCall(StageSession, "foreground", unix.SYS_IOCTL, uintptr(a.Ctty), unix.TIOCSPGRP, address(&l.plan, group))
}

// planUnshare gives the child namespaces of its own. With a user namespace it waits there
// until the launcher has written the maps: before that it has no identity in it.
func (l *launch) planUnshare() {
	flags := l.attr.Unshareflags
	if flags == 0 {
		return
	}
	l.addCall(StageNamespace, "unshare", unix.SYS_UNSHARE, flags)
	if flags&unix.CLONE_NEWUSER != 0 {
		l.planMeeting(StageNamespace, "maps")
	}
	if flags&unix.CLONE_NEWNS != 0 {
		// Mounts of a shared tree would still be seen outside, and its own here.
		l.addCall(StageNamespace, "mount --make-rprivate /", unix.SYS_MOUNT,
			l.text("none"), l.text("/"), 0, unix.MS_REC|unix.MS_PRIVATE)
	}
}

// planDescriptors gives the files the numbers 0, 1, 2 and so on. Numbers that would
// be overwritten too early are first moved above all that matter.
func (l *launch) planDescriptors() {
	from := append([]int(nil), l.files...)
	next := max(len(from), l.sync.theirs+1, l.hand.theirs+1)
	for _, fd := range from {
		next = max(next, fd+1)
	}
	for i, fd := range from {
		if fd >= 0 && fd < i {
			s := l.addCall(StageFiles, strconv.Itoa(i), unix.SYS_DUP3, uintptr(fd), uintptr(next), unix.O_CLOEXEC)
			s.Op, s.Want = child.OpCheck, uintptr(next)
			from[i] = next
			next++
		}
	}
	for i, fd := range from {
		switch fd {
		case -1: // ExtraFiles has nil here
			s := l.addCall(StageFiles, strconv.Itoa(i), unix.SYS_CLOSE, uintptr(i))
			s.Op, s.Want = child.OpTry, uintptr(unix.EBADF)
		case i:
			l.addCall(StageFiles, strconv.Itoa(i), unix.SYS_FCNTL, uintptr(i), unix.F_SETFD, 0)
		default:
			s := l.addCall(StageFiles, strconv.Itoa(i), unix.SYS_DUP3, uintptr(fd), uintptr(i), 0)
			s.Op, s.Want = child.OpCheck, uintptr(i)
		}
	}
}

// planTerminal gives up the controlling terminal or takes one. Only the leader of a session
// can take one, so planSession comes before.
func (l *launch) planTerminal() {
	if l.attr.Noctty {
		l.addCall(StageSession, "leave the terminal", unix.SYS_IOCTL, 0, unix.TIOCNOTTY)
	}
	if l.attr.Setctty {
		l.addCall(StageSession, "terminal "+strconv.Itoa(l.attr.Ctty), unix.SYS_IOCTL, uintptr(l.attr.Ctty), unix.TIOCSCTTY, 1)
	}
}
