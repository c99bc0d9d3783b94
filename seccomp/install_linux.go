// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file is the last step of a filter in this process. The calls themselves, which
// listeners and children share, stand in seccomp/internal/system.

// NoNewPrivs sets no_new_privs on the calling thread, for good: neither it nor
// what it executes gains privileges from set-user-ID bits or file capabilities
// any more. It lets a thread without CAP_SYS_ADMIN install filters. The
// caller must hold its thread (runtime.LockOSThread) and keep holding it. See
// PR_SET_NO_NEW_PRIVS(2const).
func NoNewPrivs() error {
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == unix.EINVAL { // before 3.5, which brought filters
		return fmt.Errorf("seccomp: set no_new_privs: %w: %w", ErrNotSupported, err)
	}
	if err != nil {
		return fmt.Errorf("seccomp: set no_new_privs: %w", err)
	}
	is, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err == nil && is != 1 {
		err = system.ErrNotDone
	}
	if err != nil {
		return fmt.Errorf("seccomp: set no_new_privs: %w", err)
	}
	return nil
}

// Install filters the calling thread, and with TSync every other, for good: a
// filter cannot be removed. The caller must hold its thread
// (runtime.LockOSThread) since it called NoNewPrivs, and keep holding it:
// without TSync, goroutines that come to run on other threads are not filtered,
// and threads that this one starts are.
//
// Programs of a stack are installed one after the other. All are checked before
// the first is in force, and so is that none denies seccomp(2) to the next. If
// the kernel still refuses one, the error says how many are in force.
//
// Errors wrap ErrFilter for a filter that cannot be installed anywhere,
// ErrNotSupported for a kernel without filters or without one of the flags, or
// where an older filter answers seccomp(2) with success and nothing is installed,
// syscall.EACCES if the thread has neither no_new_privs nor CAP_SYS_ADMIN,
// bpf.ErrTooLong and syscall.ENOMEM if older filters leave no room, and
// ErrThread, with no thread filtered, if some thread cannot follow.
// See seccomp(2).
func (f Filter) Install(flags Flags) error {
	if err := f.checkInstall(flags); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	o := system.Attach(system.Calls(f, uint32(flags), noListener))
	err := system.Wrong[Flags](o)
	switch {
	case err == nil:
		return nil
	case o.Failed.Program < 0:
		return fmt.Errorf("seccomp: install: %w", err)
	}
	i := o.Failed.Program
	return fmt.Errorf("seccomp: install: program %d of %d (%d in force): %w", i+1, len(f), i, err)
}

// checkInstall is Check, and refuses a flag that Install has no result for.
func (f Filter) checkInstall(flags Flags) error {
	if err := f.check(); err != nil {
		return err
	}
	if flags&NewListener != 0 {
		return fmt.Errorf("flags %v: no listener is returned", flags)
	}
	return f.checkOrder(flags, noListener)
}
