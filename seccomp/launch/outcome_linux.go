// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync/atomic"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file reads the report of a child that was made: it has come to its program, or Start
// returns a *StartError. What still lives of a failed child is ended here.

// readReport reads the report of a child that has called exec or is about to end.
func (l *launch) readReport(pid int, r *child.Report) (int, error) {
	last := &l.steps[max(r.Reached, 1)-1]
	if r.Errno == 0 && Stage(last.Stage) == StageExec && !endedBeforeExec(pid) {
		return pid, nil
	}
	l.cmd.supervisor.AwaitTracer()
	l.takeOver()
	status, err := reap(pid)
	e := l.fault(r) // all of it can be seen now that the child has ended
	switch {
	case e.Err != nil:
	case err != nil:
		e.Err = err
	case status.Signaled():
		e.Signal = status.Signal()
	default:
		e.Err = fmt.Errorf("the child ended with status %d", status.ExitStatus())
	}
	return 0, e
}

// fault is the step that a child came to, and its errno if it failed.
func (l *launch) fault(r *child.Report) *StartError {
	last := &l.steps[max(r.Reached, 1)-1]
	e := &StartError{Stage: Stage(last.Stage), What: last.What}
	switch {
	case r.Errno == 0:
	case syscall.Errno(r.Errno) == child.ErrFaked:
		e.Err = system.ErrNotDone
	case e.Stage == StageFilter && last.Flags&seccomp.NewListener != 0 && syscall.Errno(r.Errno) == unix.EBUSY:
		e.Err = fmt.Errorf("an older filter of the launcher has a listener: %w", unix.EBUSY)
	case e.Stage == StageFilter:
		e.Err = system.Refused(syscall.Errno(r.Errno), last.Flags)
	default:
		e.Err = syscall.Errno(r.Errno)
	}
	return e
}

// endedBeforeExec says whether a child that has called execve never came through
// it. Without /proc it says no: then Wait tells of the signal.
func endedBeforeExec(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	// The name, in parentheses, may hold anything.
	fields := bytes.Fields(b[bytes.LastIndexByte(b, ')')+1:])
	if len(fields) < 7 || string(fields[1]) != strconv.Itoa(os.Getpid()) {
		return false
	}
	flags, err := strconv.ParseUint(string(fields[6]), 10, 64)
	const exiting, forkNoExec = 0x4, 0x40 // PF_EXITING, PF_FORKNOEXEC, include/linux/sched.h
	return err == nil && flags&exiting != 0 && flags&forkNoExec != 0
}

// abort ends a child that is not to come to its program, waits for it, and returns
// why.
func (l *launch) abort(pid int, why error) error {
	l.takeOver()
	problem := errors.Join(kill(pid), unix.Shutdown(l.sync.ours, unix.SHUT_RDWR)) // where it meets the launcher
	if problem == nil {
		l.cmd.supervisor.AwaitTracer()
	}
	if err := awaitEnd(pid); err != nil {
		return fmt.Errorf("%w (%w)", why, errors.Join(problem, err))
	}
	return why
}

// takeOver tells the helper that the child is the launcher's to end, before its id can
// come to be another's.
func (l *launch) takeOver() {
	if l.report != nil {
		atomic.CompareAndSwapUint32(&l.report.Fate, child.FateOpen, child.FateTaken)
	}
}
