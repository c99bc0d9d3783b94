// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
)

// This file is a listener from its making to its end. receive.go waits for calls.

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

// FileListener takes over a listener that came from elsewhere, such as through
// a socket. It is checked to be one: any other file is refused with an error
// that wraps syscall.ENOTTY and is left to the caller, without a call that its
// maker could delay. If there is no error the file is closed, as the
// Listener has its own descriptor. Any holder of a duplicate may receive and
// answer: each call goes to one of them.
func FileListener(f *os.File) (*Listener, error) {
	l, err := takeListener(f)
	if err != nil {
		return nil, fmt.Errorf("seccomp: listener: %w", err)
	}
	return l, nil
}

// made says whether the listener is one: nil and a zero Listener are like one that
// is closed.
func (l *Listener) made() bool { return l != nil && l.file != nil }

// File is a duplicate of the listener's descriptor, to hand to another process.
// Its holder receives and answers like this Listener: close this one where the
// other shall have all calls. FileListener makes a Listener of it. It duplicates with
// fcntl(2), which a thread that is under the filter itself may not be allowed.
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
