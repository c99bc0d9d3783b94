// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"

	"github.com/gosieve/sieve/seccomp/notify"
)

// This file moves the message and the descriptors through the socket.

// write sends the message, with the descriptor beside its first part, and its end. A socket
// may take less than the whole message at once; the rest follows without the descriptor.
func write(conn *net.UnixConn, message []byte, f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	n := 0
	if e := raw.Control(func(fd uintptr) {
		n, _, err = conn.WriteMsgUnix(message, syscall.UnixRights(int(fd)), nil)
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	if _, err := conn.Write(message[n:]); err != nil {
		return err
	}
	return conn.CloseWrite()
}

// read reads a message to its end and takes the listener out of the descriptors. All others
// are closed: the message says which one is the listener's, and nobody asked for more.
func read(conn *net.UnixConn) (*notify.Listener, *ContainerProcessState, error) {
	message, fds, err := collect(conn)
	defer func() { discard(fds) }()
	if err != nil {
		return nil, nil, err
	}
	state, index, err := decode(message, len(fds))
	if err != nil {
		return nil, nil, err
	}
	fd := fds[index]
	if err := anonymous(fd); err != nil {
		return nil, nil, err
	}
	fds[index] = -1
	f := os.NewFile(uintptr(fd), "seccomp listener")
	l, err := notify.FileListener(f)
	if err != nil {
		f.Close()
		return nil, nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	return l, state, nil
}

// collect reads a message to its end, with the descriptors that came with its
// beginning. They are the caller's even if there is an error. A truncated control message
// (MSG_CTRUNC) has lost descriptors, so it is an error and not a shorter list.
func collect(conn *net.UnixConn) (message []byte, fds []int, err error) {
	const most = 253 // SCM_MAX_FD, include/net/scm.h
	part, rights := make([]byte, 32<<10), make([]byte, syscall.CmsgSpace(4*most))
	for first := true; ; first = false {
		n, control, flags, _, err := conn.ReadMsgUnix(part, rights)
		more, e := descriptors(rights[:max(control, 0)])
		fds = append(fds, more...)
		message = append(message, part[:max(n, 0)]...)
		switch {
		case errors.Is(err, io.EOF):
			return message, fds, nil
		case err != nil:
			return nil, fds, err
		case e != nil:
			return nil, fds, e
		case flags&syscall.MSG_CTRUNC != 0:
			return nil, fds, fmt.Errorf("%w: the descriptors do not come through", ErrProtocol)
		case !first && len(more) > 0:
			return nil, fds, fmt.Errorf("%w: descriptors after the beginning", ErrProtocol)
		case len(message) > maxState:
			return nil, fds, tooLong()
		}
	}
}

// descriptors are those of control messages. Package net has set close-on-exec.
func descriptors(control []byte) (fds []int, err error) {
	messages, err := syscall.ParseSocketControlMessage(control)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProtocol, err)
	}
	for _, m := range messages {
		if m.Header.Level == syscall.SOL_SOCKET && m.Header.Type == syscall.SCM_RIGHTS {
			some, err := syscall.ParseUnixRights(&m)
			if err != nil {
				return fds, fmt.Errorf("%w: %w", ErrProtocol, err)
			}
			fds = append(fds, some...)
		}
	}
	return fds, nil
}

// anonymous refuses by their name files that somebody's program may serve: already
// the poller's first question could wait for that program.
func anonymous(fd int) error {
	name, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", fd))
	if err == nil && !strings.HasPrefix(name, "anon_inode:") {
		return fmt.Errorf("%w: %q is no listener: %w", ErrProtocol, name, syscall.ENOTTY)
	}
	return nil
}

// discard closes descriptors aside, as closing a file can wait for whoever
// serves it.
func discard(fds []int) {
	go func() {
		for _, fd := range fds {
			if fd >= 0 {
				syscall.Close(fd)
			}
		}
	}()
}
