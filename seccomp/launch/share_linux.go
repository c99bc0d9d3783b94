// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"runtime"
	"syscall"

	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"golang.org/x/sys/unix"
)

// This file makes a child that shares the launcher's memory until it calls execve.

// makeSharing makes a child in the launcher's memory. This thread waits in the kernel
// until the child calls exec or ends.
func (l *launch) makeSharing() (int, error) {
	if err := l.planChild(); err != nil {
		return 0, fmt.Errorf("seccomp: start: %w", err)
	}
	r := new(child.Report)
	syscall.ForkLock.Lock()
	if !l.keepsDumpable() {
		syscall.ForkLock.Unlock()
		l.plan = plan{}
		return l.makeCopying()
	}
	pid, errno := child.Fork(uintptr(unix.SIGCHLD)|unix.CLONE_VM|unix.CLONE_VFORK|l.attr.Cloneflags, l.steps, r)
	err := l.restoreDumpable()
	syscall.ForkLock.Unlock()
	runtime.KeepAlive(l)
	if errno != 0 {
		return 0, &StartError{Stage: StageFork, Err: errno}
	}
	pid, problem := l.readReport(pid, r)
	if problem == nil && err != nil {
		problem = l.abort(pid, &StartError{Stage: StageCredential, What: "launcher's dumpable", Err: err})
	}
	return pid, problem
}

// keepsDumpable says whether the launcher can get its attribute "dumpable" back. A change
// of identity clears it, and it belongs to the memory (mm_struct): a child that shares
// the memory changes it for the launcher too. Setting what is set already changes nothing.
func (l *launch) keepsDumpable() bool {
	if l.attr.Credential == nil && len(l.attr.AmbientCaps) == 0 {
		return true
	}
	was, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	l.dumpable = err == nil && was == 1
	if !l.dumpable {
		return err == nil
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) == nil
}

func (l *launch) restoreDumpable() error {
	if !l.dumpable {
		return nil
	}
	return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0)
}
