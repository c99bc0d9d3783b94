// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"io"
	"os/signal"
	"unsafe"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// This file gets a call from the kernel: at once, through the poller, or through the guard.

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

// wait waits in the poller. The listener is in it only meanwhile: in the poller for good, it
// would wake this program for calls that nobody waits for.
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

// take receives what is there. A call that ready has announced may be gone again, since its
// thread was killed or interrupted: then the next one counts.
func (l *Listener) take(fd uintptr) (n *Notification, done bool, err error) {
	for {
		switch events, err := ready(fd, &unix.Timespec{}); {
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

// ready is poll(2) for one file that is to be received from. It waits so long, and without
// a time for ever.
func ready(fd uintptr, wait *unix.Timespec) (int16, error) {
	fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for {
		_, err := unix.Ppoll(fds, wait, nil)
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
	return notification(l, l.buffer), nil
}

func (l *Listener) ioctlReceive(fd uintptr) unix.Errno { return ioctlReceive(fd, l.buffer) }

// room is a buffer for struct seccomp_notif, as long as the kernel's: a newer kernel may have
// a longer structure (SECCOMP_GET_NOTIF_SIZES), and writes all of it. It is made of 64-bit
// words for the sake of alignment.
func room(s system.Sizes) []uint64 {
	return make([]uint64, (max(uintptr(s.Notif), unsafe.Sizeof(notif{}))+7)/8)
}

func ioctlReceive(fd uintptr, buffer []uint64) unix.Errno {
	clear(buffer) // the kernel wants zeros
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, unix.SECCOMP_IOCTL_NOTIF_RECV, uintptr(unsafe.Pointer(&buffer[0])))
	return errno
}

// notification is the call that was received into a buffer.
func notification(h holder, buffer []uint64) *Notification {
	k := (*notif)(unsafe.Pointer(&buffer[0]))
	return &Notification{
		ID: k.id, PID: int(k.pid),
		Call:   seccomp.Call{Audit: k.audit, Nr: uint32(k.nr), IP: k.ip, Args: k.args},
		holder: h,
	}
}
