// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// This file makes a Listener of a descriptor, and checks that it is one.

// newListener makes a Listener of a descriptor that is known to be one. It takes
// it over: if there is an error the descriptor is closed.
func newListener(fd int) (*Listener, error) {
	s, err := system.NotifySizes()
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFD, unix.FD_CLOEXEC)
	if err == nil {
		err = unix.SetNonblock(fd, false) // it means nothing to the kernel, and "poll this" to package os
	}
	if err != nil {
		return nil, errors.Join(os.NewSyscallError("fcntl", err), unix.Close(fd))
	}
	file := os.NewFile(uintptr(fd), "seccomp listener")
	poller, err := newPoller()
	if err != nil {
		file.Close()
		return nil, err
	}
	l := &Listener{
		file: file, poller: poller,
		turn: make(chan struct{}, 1), closed: make(chan struct{}),
		buffer: room(s),
	}
	if l.conn, err = file.SyscallConn(); err == nil {
		l.poll, err = poller.SyscallConn()
	}
	if err == nil {
		err = l.arm()
	}
	if err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// arm makes the guard ready. It needs both descriptors at once, and each is only lent, so one
// call of Control stands in the other.
func (l *Listener) arm() (err error) {
	e := l.poll.Control(func(poller uintptr) {
		if e := l.conn.Control(func(fd uintptr) { err = l.guard.arm(fd, poller) }); e != nil {
			err = e
		}
	})
	if e != nil {
		return e
	}
	return err
}

// newPoller is an epoll instance in the runtime's poller, for the listener to be in
// while Receive waits. In the runtime's own it would wake a thread for every call,
// also where a thread waits for it already.
func newPoller() (*os.File, error) {
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, os.NewSyscallError("epoll_create1", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil { // which the runtime's poller wants
		return nil, errors.Join(os.NewSyscallError("fcntl", err), unix.Close(fd))
	}
	f := os.NewFile(uintptr(fd), "poller of a seccomp listener")
	if err := f.SetReadDeadline(time.Time{}); err != nil {
		f.Close()
		return nil, fmt.Errorf("no poller: %w", err)
	}
	return f, nil
}

// takeListener makes a Listener of a file that somebody else has opened. It checks the file
// first and works on a duplicate, so that after an error the file is still open. After success
// it is closed.
func takeListener(f *os.File) (*Listener, error) {
	conn, err := f.SyscallConn()
	if err != nil {
		return nil, err
	}
	fd := -1
	if e := conn.Control(func(theirs uintptr) {
		if err = isListener(theirs); err == nil {
			fd, err = unix.FcntlInt(theirs, unix.F_DUPFD_CLOEXEC, 0)
		}
	}); e != nil {
		return nil, os.ErrClosed
	}
	if err != nil {
		return nil, err
	}
	l, err := newListener(fd)
	if err != nil {
		return nil, err
	}
	f.Close()
	return l, nil
}

// isListener asks the kernel whether a descriptor is a listener. Files that
// somebody else's program may serve, such as those of FUSE, are told by their
// name, as any other call could wait for that program.
func isListener(fd uintptr) error {
	name, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err == nil && !strings.HasPrefix(name, "anon_inode:") {
		return fmt.Errorf("%q: %w", name, unix.ENOTTY)
	}
	if err := idValid(fd, 0); err != unix.ENOENT {
		return fmt.Errorf("%q: %w", name, unix.ENOTTY)
	}
	return nil
}

// control does something with the listener's descriptor, which cannot be closed meanwhile. The
// error is the plain errno, for the caller to compare.
func (l *Listener) control(do func(fd uintptr) syscall.Errno) error {
	var errno unix.Errno
	if err := l.conn.Control(func(fd uintptr) { errno = do(fd) }); err != nil {
		return l.problem(err)
	}
	if errno != 0 {
		return errno
	}
	return nil
}

// duplicate is another descriptor of the same listener, close-on-exec.
func (l *Listener) duplicate() (*os.File, error) {
	fd := -1
	err := l.control(func(own uintptr) (errno unix.Errno) {
		var err error
		fd, err = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0)
		errors.As(err, &errno)
		return errno
	})
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "seccomp listener"), nil
}

// setFlags is SECCOMP_IOCTL_NOTIF_SET_FLAGS.
func (l *Listener) setFlags(flags uint64) error {
	err := l.control(func(fd uintptr) unix.Errno {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_SET_FLAGS, uintptr(flags))
		return errno
	})
	if err == unix.EINVAL {
		return fmt.Errorf("%w: SECCOMP_IOCTL_NOTIF_SET_FLAGS: %w", seccomp.ErrNotSupported, err)
	}
	return err
}
