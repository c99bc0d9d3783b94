// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// Listener receives the calls that a filter answers with Notify. Its methods may
// be called by several goroutines at once.
//
// A Listener that is closed, or whose holder ends, leaves the filter in force: all
// calls that it asks about, those received and unanswered included, then fail
// with ENOSYS, as soon as no other process holds a duplicate. It takes three
// descriptors.
type Listener struct {
	file   *os.File
	conn   syscall.RawConn // of file
	poller *os.File        // says when something is there to receive
	poll   syscall.RawConn // of poller
	turn   chan struct{}   // held by the one that receives
	closed chan struct{}
	once   sync.Once
	buffer []uint64 // struct seccomp_notif, as long as the kernel's

	busy  bool  // the last call is not long ago; of the one that receives
	guard guard // of the one that receives
}

// NewListener takes over a listener that came from elsewhere, such as through
// a socket. It is checked to be one: any other file is refused with an error
// that wraps syscall.ENOTTY and is left to the caller, without a call that its
// maker could delay. If there is no error the file is closed, as the
// Listener has its own descriptor. Any holder of a duplicate may receive and
// answer: each call goes to one of them.
func NewListener(f *os.File) (*Listener, error) {
	l, err := takeListener(f)
	if err != nil {
		return nil, fmt.Errorf("seccomp: listener: %w", err)
	}
	return l, nil
}

// made says whether the listener is one: nil and a zero Listener are like one that
// is closed.
func (l *Listener) made() bool { return l != nil && l.file != nil }

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

// File is a duplicate of the listener's descriptor, to hand to another process.
// Its holder receives and answers like this Listener: close this one where the
// other shall have all calls. NewListener makes a Listener of it. It duplicates with
// fcntl(2): a thread under a filter that asks about that has ListenFD.
func (l *Listener) File() (*os.File, error) {
	if !l.made() {
		return nil, os.ErrClosed
	}
	f, err := l.duplicate()
	if err != nil {
		return nil, fmt.Errorf("seccomp: listener: %w", err)
	}
	return f, nil
}

// SetSyncWakeUp says that the caller of a system call and the supervisor
// run in turns: each is woken on the other's processor, which is faster when
// one supervisor answers at once, and slower when several share the work
// (SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP, Linux 6.6; older kernels give an error that
// wraps ErrNotSupported). It holds for all duplicates.
func (l *Listener) SetSyncWakeUp(on bool) error {
	if !l.made() {
		return os.ErrClosed
	}
	flags := uint64(0)
	if on {
		flags = 1
	}
	if err := l.setFlags(flags); err != nil {
		return fmt.Errorf("seccomp: listener: synchronous wake-up: %w", err)
	}
	return nil
}

// Close ends the listener, and every Receive with os.ErrClosed.
func (l *Listener) Close() error {
	if !l.made() {
		return os.ErrClosed
	}
	err := os.ErrClosed
	l.once.Do(func() {
		close(l.closed)
		l.poller.SetReadDeadline(time.Unix(1, 0)) // ends Receive
		l.turn <- struct{}{}                      // nobody will any more
		l.poller.Close()
		err = l.file.Close()
		l.guard.close()
	})
	return err
}

// problem is an error of the file in terms of the listener.
func (l *Listener) problem(err error) error {
	select {
	case <-l.closed:
		return os.ErrClosed
	default:
		return err
	}
}
