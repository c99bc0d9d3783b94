// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/gosieve/sieve/seccomp/notify"
)

// This file is the way in: Send and Connect for a runtime, Receive for a supervisor.

// Send hands a duplicate of the listener to whoever listens on the socket at
// that path, until the context is done. Of the state, Fds may be nil. The caller keeps its
// Listener, and closes it where it is not to receive any calls: as long as any
// duplicate is open, calls wait.
//
// Send returns when everything is sent, which is not to say that it was read. It
// makes calls that the filter may ask about, so that it must not run on a thread
// that the filter is on.
func Send(ctx context.Context, path string, state *ContainerProcessState, l *notify.Listener) error {
	if ctx == nil {
		ctx = context.Background()
	}
	p, err := pack(state, l)
	if err != nil {
		return fmt.Errorf("handover: %q: %w", path, err)
	}
	defer p.listener.Close()
	s, err := Connect(ctx, path)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.deliver(ctx, p)
}

// Supervisor is a connection to a supervisor that takes one listener. It is there for
// launchers that want to know before anything else that there is a supervisor, and
// for HandOver of launch.Cmd, which should not take long.
type Supervisor struct {
	conn *net.UnixConn
	path string
}

// Connect connects to whoever listens on the socket at that path, until the context is
// done.
func Connect(ctx context.Context, path string) (*Supervisor, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	c, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("handover: %q: %w", path, err)
	}
	return &Supervisor{c.(*net.UnixConn), path}, nil
}

// Send is the function Send on this connection, which it closes.
func (s *Supervisor) Send(ctx context.Context, state *ContainerProcessState, l *notify.Listener) error {
	if s == nil || s.conn == nil {
		return errNotConnected
	}
	defer s.Close()
	if ctx == nil {
		ctx = context.Background()
	}
	p, err := pack(state, l)
	if err != nil {
		return fmt.Errorf("handover: %q: %w", s.path, err)
	}
	defer p.listener.Close()
	return s.deliver(ctx, p)
}

// Close ends a connection on which nothing was sent.
func (s *Supervisor) Close() error {
	if s == nil || s.conn == nil {
		return errNotConnected
	}
	return s.conn.Close()
}

var errNotConnected = errors.New("handover: no connection: want Connect")

// parcel is what a supervisor gets.
type parcel struct {
	message  []byte
	listener *os.File
}

func pack(state *ContainerProcessState, l *notify.Listener) (parcel, error) {
	message, err := encode(state)
	if err != nil {
		return parcel{}, err
	}
	f, err := l.File()
	return parcel{message, f}, err
}

func (s *Supervisor) deliver(ctx context.Context, p parcel) error {
	if err := until(ctx, s.conn, func() error { return write(s.conn, p.message, p.listener) }); err != nil {
		return fmt.Errorf("handover: %q: %w", s.path, err)
	}
	return nil
}

// Receive takes a listener from a connection that a supervisor has accepted, and
// what is said about it. It reads until the other side closes the connection
// or the context is done, and leaves the connection to the caller.
//
// The other side is not trusted with more than its own calls: what it sends is
// limited to 1 MiB; all descriptors but the listener are closed; a listener
// that is none is refused before any call is made that could wait for its maker. Errors
// about all this wrap ErrProtocol, and for a wrong kind of descriptor
// syscall.ENOTTY too. Who the other side is has to be seen to with the permissions of the
// socket, or SO_PEERCRED.
func Receive(ctx context.Context, conn *net.UnixConn) (l *notify.Listener, state *ContainerProcessState, err error) {
	if conn == nil {
		return nil, nil, fmt.Errorf("handover: receive: no connection: %w", os.ErrInvalid)
	}
	err = until(ctx, conn, func() error {
		l, state, err = read(conn)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("handover: receive: %w", err)
	}
	return l, state, nil
}

// until does something with a connection that ends when the context is done.
func until(ctx context.Context, conn *net.UnixConn, do func() error) error {
	if ctx == nil {
		ctx = context.Background()
	}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		conn.SetDeadline(time.Unix(1, 0))
		close(over)
	})
	err := do()
	if stop() {
		return err
	}
	<-over
	conn.SetDeadline(time.Time{})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ctx.Err()
	}
	return err
}
