// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"unsafe"

	"github.com/gosieve/sieve/seccomp"
	"golang.org/x/sys/unix"
)

// addFD is SECCOMP_IOCTL_NOTIF_ADDFD, which waits until the other process has the
// descriptor. It returns the number there. The file stays the caller's, open until the kernel
// has taken its reference. EINVAL comes from kernels that lack the operation or a flag of it.
func addFD(h holder, a *addfd, f *os.File, closeOnExec bool) (int, error) {
	if closeOnExec {
		a.numberFlags = unix.O_CLOEXEC
	}
	source, err := f.SyscallConn()
	if err != nil {
		return -1, err
	}
	fd := -1
	e := source.Control(func(own uintptr) {
		a.source = uint32(own)
		err = h.control(func(listener uintptr) (errno unix.Errno) {
			fd, errno = ioctlAddFD(listener, a)
			return errno
		})
	})
	switch {
	case e != nil:
		return -1, fmt.Errorf("the file to add: %w", os.ErrClosed)
	case err == unix.EINVAL:
		return -1, fmt.Errorf("%w: SECCOMP_IOCTL_NOTIF_ADDFD, or its flags %#x: %w", seccomp.ErrNotSupported, a.flags, err)
	case err == unix.ESRCH:
		return -1, ErrGone // while the descriptor was on its way
	case err != nil:
		return -1, gone(err)
	}
	return fd, nil
}

// ioctlAddFD holds signals off: one that interrupts an addition which answers
// leaves the call answered with 0, and without a descriptor.
func ioctlAddFD(listener uintptr, a *addfd) (int, unix.Errno) {
	if a.flags&addSend != 0 {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		var all, old unix.Sigset_t
		for i := range all.Val {
			all.Val[i] = ^all.Val[i]
		}
		if err := unix.PthreadSigmask(unix.SIG_SETMASK, &all, &old); err != nil {
			errno := unix.EPERM
			errors.As(err, &errno)
			return -1, errno
		}
		defer unix.PthreadSigmask(unix.SIG_SETMASK, &old, nil)
	}
	for {
		fd, _, errno := unix.Syscall(unix.SYS_IOCTL, listener, unix.SECCOMP_IOCTL_NOTIF_ADDFD, uintptr(unsafe.Pointer(a)))
		if errno != unix.EINTR {
			return int(fd), errno
		}
	}
}
