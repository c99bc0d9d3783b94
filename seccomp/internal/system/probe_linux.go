// SPDX-License-Identifier: Apache-2.0

package system

import (
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file asks the kernel about filters without installing one.

// HasFilters says whether the kernel takes filters at all: without a program it
// answers EFAULT if so. On a thread in strict mode the answer is EINVAL too, but
// that has no calls to ask with.
func HasFilters() bool {
	errno := Probe[uint32](0)
	if errno == unix.ENOSYS {
		_, _, errno = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0)
	}
	return errno != unix.EINVAL && errno != unix.ENOSYS
}

// Supported is those flags that the kernel knows.
func Supported[F ~uint32](flags F) F {
	known := F(0)
	for bit := F(1); bit != 0; bit <<= 1 {
		with := bit
		switch bit {
		case unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH:
			with |= unix.SECCOMP_FILTER_FLAG_TSYNC
		case unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV:
			with |= unix.SECCOMP_FILTER_FLAG_NEW_LISTENER
		}
		if flags&bit != 0 && Probe(with) == unix.EFAULT {
			known |= bit
		}
	}
	return known
}

// Probe asks for a filter without giving a program: nothing is installed. EFAULT is
// the answer of a kernel that would take one with these flags.
func Probe[F ~uint32](flags F) unix.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, uintptr(flags), 0)
	return errno
}

// Sizes is struct seccomp_notif_sizes (include/uapi/linux/seccomp.h), in bytes.
type Sizes struct{ Notif, Response, Data uint16 }

// NotifySizes asks how long the kernel's structures for listeners are (Linux 5.0). They
// may be longer than those of package notify, whose fields stay where they are. The error
// wraps ErrNotSupported for a kernel that has no listeners.
func NotifySizes() (Sizes, error) {
	var s Sizes
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_NOTIF_SIZES, 0, uintptr(unsafe.Pointer(&s)))
	switch errno {
	case 0:
		return s, nil
	case unix.EINVAL, unix.ENOSYS:
		return s, fmt.Errorf("%w: SECCOMP_GET_NOTIF_SIZES: %w", ErrNotSupported, errno)
	}
	return s, fmt.Errorf("SECCOMP_GET_NOTIF_SIZES: %w", errno)
}
