// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"
	"unsafe"

	"github.com/gosieve/sieve/seccomp"
	"golang.org/x/sys/unix"
)

// This file sends an answer to the kernel, and asks whether a call still waits for one.

// send is SECCOMP_IOCTL_NOTIF_SEND.
func send(h holder, r *response) error {
	err := h.control(func(fd uintptr) unix.Errno {
		for {
			_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_SEND, uintptr(unsafe.Pointer(r)))
			if errno != unix.EINTR {
				return errno
			}
		}
	})
	if err == unix.EINVAL && r.flags != 0 {
		return fmt.Errorf("%w: SECCOMP_USER_NOTIF_FLAG_CONTINUE: %w", seccomp.ErrNotSupported, unix.EINVAL)
	}
	return gone(err)
}

// valid is SECCOMP_IOCTL_NOTIF_ID_VALID.
func valid(h holder, id uint64) error {
	return gone(h.control(func(fd uintptr) unix.Errno { return idValid(fd, id) }))
}

// idValid asks the kernel whether a notification still waits: 0 if it does, ENOENT if not.
func idValid(fd uintptr, id uint64) unix.Errno {
	request := uintptr(unix.SECCOMP_IOCTL_NOTIF_ID_VALID)
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(&id)))
		switch {
		case errno == unix.EINVAL && request == unix.SECCOMP_IOCTL_NOTIF_ID_VALID:
			// Its first number had the directions of an ioctl swapped
			// (SECCOMP_IOCTL_NOTIF_ID_VALID_WRONG_DIR).
			request ^= 3 << 30
		case errno != unix.EINTR:
			return errno
		}
	}
}

// gone says what an errno means for a call that was received.
func gone(err error) error {
	switch err {
	case unix.ENOENT:
		return fmt.Errorf("%w: %w", ErrGone, err)
	case unix.EINPROGRESS:
		return fmt.Errorf("%w: %w", ErrAnswered, err)
	}
	return err
}
