// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"os"
	"time"
)

// This file waits for the next call, with the context and for one goroutine at a time.
// receive_linux.go makes the calls for it.

// Receive waits for a call that the filter asks about. It waits in the runtime's
// poller and holds no thread, but for a millisecond or two after another call: the
// next one often follows. Each call is received once. The caller of the
// system call goes on waiting until the Notification is answered, or a signal
// interrupts it.
//
// The error is io.EOF once no process uses the filter any more (Linux 5.9;
// older kernels do not tell), the context's error when it is done, and
// os.ErrClosed after Close. Before Linux 6.11 a process that has ended counts as
// a user until it has been waited for: who waits for EOF has to wait for the
// child meanwhile. Any of them may come two milliseconds late, which takes SIGURG,
// as the Go runtime has it: in a program that ignores it (signal.Ignore), or that may
// not call tgkill(2), Receive and Close may wait for another call. A call that has been received is returned
// even if the context is done meanwhile.
func (l *Listener) Receive(ctx context.Context) (*Notification, error) {
	if !l.made() {
		return nil, os.ErrClosed
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-l.closed:
		return nil, os.ErrClosed
	}
	defer func() { <-l.turn }()
	select {
	case <-l.closed:
		return nil, os.ErrClosed
	default:
	}
	if l.busy {
		if n, done := l.next(); done {
			return n, nil
		}
	}
	n, err := l.waitUnless(ctx)
	l.busy = n != nil
	return n, err
}

// waitUnless is wait with a context.
func (l *Listener) waitUnless(ctx context.Context) (*Notification, error) {
	if ctx.Done() == nil {
		return l.wait()
	}
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		l.poller.SetReadDeadline(time.Unix(1, 0))
		close(over)
	})
	n, err := l.wait()
	if stop() {
		return n, err
	}
	<-over
	l.poller.SetReadDeadline(time.Time{})
	if errors.Is(err, os.ErrDeadlineExceeded) {
		err = ctx.Err()
	}
	return n, err
}
