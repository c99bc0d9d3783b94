// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

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
// bpf.ErrTooLong and syscall.ENOMEM if older filters leave no room, and a
// *ThreadError, with no thread filtered, if some thread cannot follow.
// See seccomp(2).
func (f Filter) Install(flags Flags) error {
	if err := f.checkInstall(flags); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	if err := system.CheckAnswer(flags); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	for i, p := range f {
		tid, errno := system.Install(system.Fprog(p), flags)
		if err := InstallError(int(tid), errno, flags); err != nil {
			return fmt.Errorf("seccomp: install: program %d of %d (%d in force): %w", i+1, len(f), i, err)
		}
	}
	return nil
}

// checkInstall is Check, and refuses a flag that Install has no result for.
func (f Filter) checkInstall(flags Flags) error {
	if err := f.Check(flags); err != nil {
		return err
	}
	if flags&NewListener != 0 {
		return fmt.Errorf("flags %v: no listener is returned", flags)
	}
	return nil
}

// InstallError says what seccomp(2) with those flags has answered, for launchers that make
// the call themselves: the id of a thread that could not follow, an errno, or nil for
// neither. The program has been checked (Filter.Check), so that EINVAL is about the
// kernel or the flags. It asks the kernel what it knows, and so belongs on a thread that
// no filter keeps from seccomp(2).
func InstallError(tid int, errno syscall.Errno, flags Flags) error {
	switch errno {
	case 0:
		if tid != 0 {
			return &ThreadError{TID: tid}
		}
		return nil
	case unix.EACCES:
		return fmt.Errorf("%w: want no_new_privs on this thread, or CAP_SYS_ADMIN", errno)
	case unix.ENOSYS:
		return fmt.Errorf("%w: no seccomp(2), or an older filter denies it: %w", ErrNotSupported, errno)
	case unix.ENOMEM:
		return fmt.Errorf("%w: older filters on this thread leave no room (or memory is short): %w", bpf.ErrTooLong, errno)
	case unix.ESRCH:
		if flags&TSyncESRCH != 0 {
			return &ThreadError{}
		}
	case unix.EPERM:
		return fmt.Errorf("an older filter denies seccomp(2): %w", errno)
	case unix.EINVAL:
		if !system.HasFilters() {
			return fmt.Errorf("%w: no CONFIG_SECCOMP_FILTER: %w", ErrNotSupported, errno)
		}
		if missing := flags &^ system.Supported(flags); missing != 0 {
			return fmt.Errorf("%w: flags %v: %w", ErrNotSupported, missing, errno)
		}
		if flags != 0 {
			return fmt.Errorf("flags %v: the kernel refuses this combination: %w", flags, errno)
		}
		return fmt.Errorf("the kernel refuses the program: %w", errno)
	}
	return errno
}
