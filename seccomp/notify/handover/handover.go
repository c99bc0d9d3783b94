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

// This file is the way in: Send for a runtime, Receive for a supervisor.

// Send hands a duplicate of the listener over a connection to whoever listens on the
// socket of a profile's listenerPath, until the context is done. Of the state, Fds may be
// nil. The caller keeps its Listener, and closes it where it is not to receive any calls: as
// long as any duplicate is open, calls wait.
//
// Send returns when everything is sent, which is not to say that it was read. Nothing can
// be sent on the connection after it, as its end is the message's; closing it is left
// to the caller. Send makes calls that the filter may ask about, so that it must not run
// on a thread that the filter is on.
func Send(ctx context.Context, conn *net.UnixConn, state *ContainerProcessState, l *notify.Listener) error {
	if conn == nil {
		return fmt.Errorf("handover: send: no connection: %w", os.ErrInvalid)
	}
	message, err := encode(state)
	if err != nil {
		return fmt.Errorf("handover: send: %w", err)
	}
	f, err := l.File()
	if err != nil {
		return fmt.Errorf("handover: send: %w", err)
	}
	defer f.Close()
	if err := until(ctx, conn, func() error { return write(conn, message, f) }); err != nil {
		return fmt.Errorf("handover: send: %w", err)
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
	if err := ctx.Err(); err != nil {
		return err
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
