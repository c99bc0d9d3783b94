// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
	"unsafe"

	"github.com/gosieve/sieve/seccomp"
	"golang.org/x/sys/unix"
)

// sizes are struct seccomp_notif_sizes (include/uapi/linux/seccomp.h).
type sizes struct{ notif, response, data uint16 }

// notif is struct seccomp_notif, with the struct seccomp_data in it.
type notif struct {
	id         uint64
	pid, flags uint32
	nr         int32
	audit      uint32
	ip         uint64
	args       [6]uint64
}

// notifySizes asks how long the kernel's structures are (Linux 5.0). They may be
// longer than ours, whose fields stay where they are.
func notifySizes() (sizes, error) {
	var s sizes
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_NOTIF_SIZES, 0, uintptr(unsafe.Pointer(&s)))
	switch errno {
	case 0:
		return s, nil
	case unix.EINVAL, unix.ENOSYS:
		return s, fmt.Errorf("%w: SECCOMP_GET_NOTIF_SIZES: %w", seccomp.ErrNotSupported, errno)
	}
	return s, fmt.Errorf("SECCOMP_GET_NOTIF_SIZES: %w", errno)
}

// newListener makes a Listener of a descriptor that is known to be one. It takes
// it over: if there is an error the descriptor is closed.
func newListener(fd int) (*Listener, error) {
	s, err := notifySizes()
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return sizedListener(fd, s)
}

func sizedListener(fd int, s sizes) (*Listener, error) {
	_, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, unix.FD_CLOEXEC)
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
		buffer: make([]uint64, (max(uintptr(s.notif), unsafe.Sizeof(notif{}))+7)/8),
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

// arm makes the guard ready.
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

// next waits for the next call on this thread for a moment. Done is false if there
// was none, or if the guard could not end waiting.
func (l *Listener) next() (n *Notification, done bool) {
	if l.guard.deaf.Load() || signal.Ignored(unix.SIGURG) {
		return nil, false
	}
	var err error
	e := l.conn.Control(func(fd uintptr) { n, err = l.receive(fd) })
	return n, e == nil && err == nil
}

// wait waits in the poller.
func (l *Listener) wait() (n *Notification, err error) {
	e := l.conn.Control(func(fd uintptr) {
		if err = l.watch(fd, unix.EPOLL_CTL_ADD); err != nil {
			return
		}
		defer l.watch(fd, unix.EPOLL_CTL_DEL)
		e := l.poll.Read(func(uintptr) (done bool) {
			n, done, err = l.take(fd)
			return done
		})
		if e != nil {
			err = e
		}
	})
	if e != nil {
		err = e
	}
	if err != nil {
		return nil, l.problem(err)
	}
	return n, nil
}

// watch puts the listener into the poller, or takes it out.
func (l *Listener) watch(fd uintptr, op int) (err error) {
	e := l.poll.Control(func(poller uintptr) {
		err = unix.EpollCtl(int(poller), op, int(fd), &unix.EpollEvent{Events: unix.EPOLLIN})
	})
	if e != nil {
		return e
	}
	return err
}

// take receives what is there.
func (l *Listener) take(fd uintptr) (n *Notification, done bool, err error) {
	for {
		switch events, err := ready(fd); {
		case err != nil:
			return nil, true, err
		case events&unix.POLLIN != 0:
			n, err := l.receive(fd)
			if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EINTR) {
				continue // its caller is gone, or it was received elsewhere
			}
			return n, true, err
		case events&unix.POLLHUP != 0:
			return nil, true, io.EOF
		case events == 0:
			return nil, false, nil
		}
	}
}

// ready is poll(2) for one file that is to be received from.
func ready(fd uintptr) (int16, error) {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for {
		_, err := unix.Ppoll(fds, &unix.Timespec{}, nil)
		if err != unix.EINTR {
			return fds[0].Revents, err
		}
	}
}

// receive is SECCOMP_IOCTL_NOTIF_RECV, which waits for a while if there is no call.
func (l *Listener) receive(fd uintptr) (*Notification, error) {
	if errno := l.guard.receive(fd, l.ioctlReceive); errno != 0 {
		return nil, errno
	}
	k := (*notif)(unsafe.Pointer(&l.buffer[0]))
	return &Notification{
		ID: k.id, PID: int(k.pid),
		Call:     seccomp.Call{Audit: k.audit, Nr: uint32(k.nr), IP: k.ip, Args: k.args},
		listener: l,
	}, nil
}

func (l *Listener) ioctlReceive(fd uintptr) unix.Errno {
	clear(l.buffer) // the kernel wants zeros
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&l.buffer[0])))
	return errno
}

// control does something with the listener's descriptor.
func (l *Listener) control(do func(fd uintptr) unix.Errno) error {
	var errno unix.Errno
	if err := l.conn.Control(func(fd uintptr) { errno = do(fd) }); err != nil {
		return l.problem(err)
	}
	if errno != 0 {
		return errno
	}
	return nil
}

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
