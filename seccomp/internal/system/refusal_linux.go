// SPDX-License-Identifier: Apache-2.0

package system

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
)

// This file says what a refusal by seccomp(2) means.

// ErrNotDone is about a success that was none.
var ErrNotDone = fmt.Errorf("%w: success was the answer, and nothing was done: an older filter answers in the kernel's place", ErrNotSupported)

// Wrong returns what is wrong with an outcome, or nil.
func Wrong[F ~uint32](o Outcome) error {
	switch {
	case o.Failed == nil:
		return nil
	case o.Errno == 0 && o.Failed.Want != Zero:
		return ErrNotDone
	case o.Errno == 0:
		return &threadError{int(o.Result)}
	}
	return Refused(o.Errno, F(o.Failed.Flags))
}

// Refused says what an errno of seccomp(2) with those flags means. The program has been
// checked, so EINVAL is about the kernel or the flags. Refused then asks the kernel what it
// knows: call it on a thread that no filter keeps from seccomp(2).
func Refused[F ~uint32](errno unix.Errno, flags F) error {
	switch errno {
	case unix.EACCES:
		return fmt.Errorf("%w: want no_new_privs on this thread, or CAP_SYS_ADMIN", errno)
	case unix.ENOSYS:
		return fmt.Errorf("%w: no seccomp(2), or an older filter denies it: %w", ErrNotSupported, errno)
	case unix.ENOMEM:
		return fmt.Errorf("%w: older filters on this thread leave no room (or memory is short): %w", bpf.ErrTooLong, errno)
	case unix.ESRCH:
		if flags&unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH != 0 {
			return ErrThread
		}
	case unix.EBUSY:
		if flags&NewListener != 0 {
			return fmt.Errorf("an older filter on this thread has a listener: %w", errno)
		}
	case unix.EPERM:
		return fmt.Errorf("an older filter denies seccomp(2): %w", errno)
	case unix.EINVAL:
		return invalid(flags)
	}
	return errno
}

// invalid says what EINVAL means for a program that has been checked.
func invalid[F ~uint32](flags F) error {
	if !HasFilters() {
		return fmt.Errorf("%w: no CONFIG_SECCOMP_FILTER: %w", ErrNotSupported, unix.EINVAL)
	}
	if missing := flags &^ Supported(flags); missing != 0 {
		return fmt.Errorf("%w: flags %v: %w", ErrNotSupported, missing, unix.EINVAL)
	}
	if flags != 0 {
		return fmt.Errorf("flags %v: the kernel refuses this combination: %w", flags, unix.EINVAL)
	}
	return fmt.Errorf("the kernel refuses the program: %w", unix.EINVAL)
}
