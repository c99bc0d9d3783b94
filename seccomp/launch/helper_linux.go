// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"github.com/gosieve/sieve/seccomp/notify"
)

// This file makes a child whose filter has a listener, and a helper beside it that passes
// the listener to the launcher.

// makeWithHelper makes a child whose filter has a listener, with a helper that
// fetches it (forkHelped). The helper makes the child and shares its table of descriptors until
// exec, so it has the listener too; it has no filter, so nothing keeps it from sending that to
// the launcher. The launcher itself could take a descriptor out of the child only with
// CAP_SYS_PTRACE, and not where Yama forbids it.
func (l *launch) makeWithHelper() (int, error) {
	page, r, noted, err := child.NewSharedReports()
	if err != nil {
		return 0, &StartError{Stage: StageFork, Err: err}
	}
	unmap := func() { unix.Munmap(page) }
	l.report, l.noted = r, noted
	syscall.ForkLock.Lock()
	l.helperID, err = l.cloneCopy(r)
	syscall.ForkLock.Unlock()
	if err != nil {
		unmap()
		return 0, err
	}
	defer unix.Close(l.sync.ours)
	if l.shared {
		defer unmap()
		return l.finishSharing()
	}
	listener, err := l.awaitListener()
	if err == nil {
		err = l.handOver(listener)
	}
	err = l.dismiss(err)
	pid := int(r.Child)
	switch {
	case err != nil:
		unmap()
		if listener != nil {
			listener.Close()
		}
		return 0, err
	case l.cmd.Listen:
		l.cmd.Listener = listener
		if l.asksBeforeExec() {
			l.cmd.late = func() error {
				defer unmap()
				if r.Errno == 0 {
					return nil
				}
				return l.fault(r)
			}
			return pid, nil
		}
	default:
		l.cmd.supervisor.Listener = listener
		go l.cmd.supervisor.Serve()
	}
	defer unmap()
	pid, err = l.awaitExec(pid)
	if err != nil {
		l.abandon(listener)
	}
	return pid, err
}

// handOver lets the child go on when its listener is where it belongs. If HandOver fails, no
// child is left.
func (l *launch) handOver(listener *notify.Listener) (err error) {
	c, pid := l.cmd, int(l.report.Child)
	if c.HandOver == nil {
		return nil
	}
	c.Listener = listener
	if c.Process, err = os.FindProcess(pid); err == nil {
		if err = c.HandOver(listener); err != nil {
			err = &StartError{Stage: StageListener, Err: err}
		}
	}
	if err != nil {
		c.Listener, c.Process = nil, nil
		return l.abort(pid, startError(err))
	}
	atomic.StoreUint32(&l.report.Fate, child.FateGo)
	if err = writeByte(l.hand.ours); err != nil {
		return l.abort(pid, startError(fmt.Errorf("the helper: %w", err)))
	}
	return nil
}

// dismiss waits for the helper, which ends as nothing more can come from the launcher.
// The error is the one that there was before, or what the helper has met; then no
// child is left.
func (l *launch) dismiss(before error) error {
	if err := unix.Close(l.hand.ours); err != nil {
		l.problem = errors.Join(l.problem, fmt.Errorf("close: %w", err), unix.Shutdown(l.hand.ours, unix.SHUT_RDWR))
	}
	_, err := reap(l.helperID)
	l.helperID = 0
	if before != nil {
		if pid := int(l.report.Child); pid > 0 && l.report.Fate == child.FateOpen {
			return l.abort(pid, before) // it came later
		}
		return before
	}
	if errno := unix.Errno(l.noted.Errno); errno != 0 && err == nil {
		err = fmt.Errorf("the helper: %w", errno)
	}
	if err = errors.Join(l.problem, err); err != nil {
		return l.abort(int(l.report.Child), &StartError{Stage: StageFilter, What: "listener", Err: err})
	}
	return nil
}

// awaitExec waits until the child has called exec, or not come to that.
func (l *launch) awaitExec(pid int) (int, error) {
	l.waitUntil(l.sync.ours, l.over, l.readable(l.sync.ours)) // exec or the child's end closes theirs
	switch {
	case l.problem != nil:
		return 0, l.abort(pid, startError(l.problem))
	case l.failed(): // its exit may be waiting for an answer
		l.takeOver()
		if err := kill(pid); err != nil {
			return 0, l.abort(pid, startError(err))
		}
	}
	return l.readReport(pid, l.report)
}

// finishSharing is the rest of makeWithHelper where all is done once the launcher
// goes on.
func (l *launch) finishSharing() (int, error) {
	l.takeOver() // they are done
	_, err := reap(l.helperID)
	runtime.KeepAlive(l)
	listener, problem := l.received()
	problem = errors.Join(l.problem, err, problem, unix.Close(l.hand.ours))
	pid, r := int(l.report.Child), l.report
	switch {
	case pid == 0:
		return 0, &StartError{Stage: StageFork, Err: errHelper}
	case pid < 0:
		return 0, &StartError{Stage: StageFork, Err: unix.Errno(-pid)}
	}
	pid, err = l.readReport(pid, r)
	if err == nil && problem != nil {
		err = l.abort(pid, &StartError{Stage: StageFilter, What: "listener", Err: problem})
	}
	if err != nil {
		if listener != nil {
			listener.Close()
		}
		return 0, err
	}
	if l.cmd.Listen {
		l.cmd.Listener = listener
	} else {
		l.cmd.supervisor.Listener = listener
		go l.cmd.supervisor.Serve()
	}
	return pid, nil
}

// abandon leaves nothing behind of a child that has not come to its program. Its
// own exit, which the filter may have denied too, was no call of a program, so Denials does not
// have it.
func (l *launch) abandon(listener *notify.Listener) {
	if l.cmd.Listen {
		listener.Close()
		l.cmd.Listener = nil
		return
	}
	_ = l.cmd.supervisor.Wait(context.Background()) // what ended it, Wait of the Cmd says
	l.cmd.supervisor.Forget(unix.SYS_EXIT, unix.SYS_EXIT_GROUP)
}

// awaitListener has the helper make the child, and gets the child's listener from it. If
// there is an error no child is left.
func (l *launch) awaitListener() (*notify.Listener, error) {
	r := l.report
	// The child may have failed before the helper can tell who it is.
	l.waitUntil(-1, l.helperEnded, func() bool { return atomic.LoadInt32(&r.Child) != 0 })
	switch pid := int(atomic.LoadInt32(&r.Child)); {
	case pid == 0:
		return nil, &StartError{Stage: StageFork, Err: cmp.Or(l.problem, errHelper)}
	case pid < 0:
		return nil, &StartError{Stage: StageFork, Err: unix.Errno(-pid)}
	}
	pid := int(r.Child)
	if err := l.meetChild(pid); err != nil {
		return nil, l.abort(pid, startError(err))
	}
	err := errHelper
	if l.waitUntil(-1, l.over, func() bool { return atomic.LoadInt32(&r.Listener.FD) >= 0 }) {
		listener, problem := l.receive()
		if problem == nil {
			return listener, nil
		}
		return nil, l.abort(pid, &StartError{Stage: StageFilter, What: "listener", Err: problem})
	}
	if l.problem != nil {
		return nil, l.abort(pid, &StartError{Stage: StageFork, Err: l.problem})
	}
	if l.failed() || l.ended(pid) {
		_, err := l.readReport(pid, r)
		return nil, err
	}
	return nil, l.abort(pid, &StartError{Stage: StageFork, Err: err})
}

// errHelper is said where the helper has ended without a report of its own.
var errHelper = errors.New("the helper was killed")

// receive gets the listener from the helper.
func (l *launch) receive() (*notify.Listener, error) {
	if err := writeByte(l.hand.ours); err != nil {
		return nil, err
	}
	// The helper has it even if the child has ended.
	if !l.waitUntil(l.hand.ours, l.helperEnded, l.readable(l.hand.ours)) {
		if errno := unix.Errno(l.noted.Errno); errno != 0 {
			return nil, fmt.Errorf("the helper: %w", errno)
		}
		return nil, cmp.Or(l.problem, errHelper)
	}
	return l.received()
}

// received is the listener that the helper has sent.
func (l *launch) received() (*notify.Listener, error) {
	b, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(l.hand.ours, b, rights, unix.MSG_CMSG_CLOEXEC|unix.MSG_DONTWAIT)
	if err != nil {
		return nil, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil {
		return nil, err
	}
	for i := range messages {
		if fds, err := unix.ParseUnixRights(&messages[i]); err == nil && len(fds) == 1 {
			f := os.NewFile(uintptr(fds[0]), "seccomp listener")
			listener, err := notify.FileListener(f)
			if err != nil {
				return nil, errors.Join(err, f.Close())
			}
			return listener, nil
		}
	}
	return nil, errors.New("the helper sent no listener")
}
