// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"errors"
	"fmt"
	"runtime"
	"syscall"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file makes a child that has a copy of the launcher's memory, and meets the launcher
// over a socket. helper_linux.go uses cloneCopy too.

// makeCopying makes a child with a copy of the launcher's memory, but for a page in
// which it reports. The clone takes longer the more memory the launcher has, so this is only
// for children that cannot share it: those that wait for the launcher, and those that would
// change it (keepsDumpable).
func (l *launch) makeCopying() (int, error) {
	page, r, noted, err := child.NewSharedReports()
	if err != nil {
		return 0, &StartError{Stage: StageFork, Err: err}
	}
	defer unix.Munmap(page)
	syscall.ForkLock.Lock()
	l.report, l.noted = r, noted
	pid, err := l.cloneCopy(r)
	syscall.ForkLock.Unlock()
	if err != nil {
		return 0, err
	}
	defer unix.Close(l.sync.ours)
	err = l.problem
	if err == nil {
		err = l.meetChild(pid)
	}
	if err == nil {
		_, err = readByte(l.sync.ours) // until exec or the child's end closes theirs
	}
	runtime.KeepAlive(l)
	if err != nil {
		return 0, l.abort(pid, startError(err))
	}
	return l.readReport(pid, r)
}

// cloneCopy is what makeCopying and makeWithHelper do while nobody else may fork. The id is the
// child's, or the helper's if there is one.
func (l *launch) cloneCopy(r *child.Report) (pid int, err error) {
	defer func() {
		for _, p := range []*pair{&l.sync, &l.hand} {
			p.settle(err == nil, &l.problem)
		}
	}()
	pairs := []*pair{&l.sync}
	if l.asker >= 0 {
		pairs = append(pairs, &l.hand)
	}
	for _, p := range pairs {
		if err := p.open(len(l.files)); err != nil {
			return 0, &StartError{Stage: StageFork, Err: err}
		}
	}
	if err := l.planChild(); err != nil {
		return 0, fmt.Errorf("seccomp: start: %w", err)
	}
	var errno unix.Errno
	flags := uintptr(unix.SIGCHLD) | l.attr.Cloneflags
	if l.asker >= 0 {
		share := uintptr(0)
		if l.shared = l.sharingHelps(); l.shared {
			share = unix.CLONE_VM | unix.CLONE_VFORK
		}
		l.planHelper()
		pid, errno = child.ForkHelped(share, flags, l.steps, r, l.first.steps, l.helper.steps, l.noted)
		if err := l.restoreDumpable(); l.shared && err != nil {
			l.problem = fmt.Errorf("launcher's dumpable: %w", err)
		}
	} else {
		pid, errno = child.Fork(flags, l.steps, r)
	}
	if errno != 0 {
		return 0, &StartError{Stage: StageFork, Err: errno}
	}
	return pid, nil
}

// meetChild does the launcher's part where the child waits for it.
func (l *launch) meetChild(pid int) (err error) {
	if l.newUser() {
		err = l.writeMaps(pid)
	}
	if err == nil && l.cmd.Trace {
		err = l.trace(pid)
	}
	return err
}

// pair is a connected pair of sockets.
type pair struct{ ours, theirs int }

// open makes the pair, with their end out of the way of the child's numbers: the child's
// files are put at 0, 1, 2 and so on, and would close it.
func (p *pair) open(numbers int) error {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	p.ours = fds[0]
	p.theirs, err = unix.FcntlInt(uintptr(fds[1]), unix.F_DUPFD_CLOEXEC, numbers)
	return errors.Join(err, unix.Close(fds[1]))
}

// settle closes the launcher's copy of the child's end, and its own end too if the child was
// not started. While the launcher holds that copy it never sees EOF when the child dies.
func (p *pair) settle(started bool, problem *error) {
	if p.theirs >= 0 {
		if err := unix.Close(p.theirs); err != nil && *problem == nil {
			*problem = fmt.Errorf("close: %w", err)
		}
	}
	if !started && p.ours >= 0 {
		unix.Close(p.ours)
		p.ours = -1
	}
}

// startError wraps err in a *StartError unless it is one.
func startError(err error) error {
	var start *StartError
	if errors.As(err, &start) {
		return err
	}
	return &StartError{Stage: StageFork, Err: err}
}
