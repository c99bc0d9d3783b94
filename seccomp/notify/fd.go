// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"
	"io"
	"syscall"
)

// This file is for callers that hold a bare descriptor, and know a call by its number.

// FD is the descriptor of a listener, which stays the caller's. It has no state: its
// methods may be called in any process that has the descriptor, and by several
// goroutines at once. A Listener is for those who wait with a context.
type FD int

// Receive waits for a call that the filter asks about, and holds its thread meanwhile.
// Each call is received once. Closing the descriptor does not end it.
//
// The error is io.EOF once no process uses the filter any more (Linux 5.9; see
// Listener.Receive). It wraps syscall.EBADF for a descriptor that is closed and
// syscall.ENOTTY for one of another file.
func (fd FD) Receive() (*Notification, error) {
	n, err := fd.receive()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("seccomp: listener: receive: %w", err)
	}
	return n, err
}

// Notification is the call with that number, which this process or another one has
// received: to answer it, to add a descriptor, or to ask whether it is still there
// (Valid). Nothing is asked of the kernel yet. Of the thread and of the call's arguments
// only the receiver knows: what reads the caller's memory, and PidFD, want its PID set.
func (fd FD) Notification(id uint64) *Notification { return &Notification{ID: id, holder: fd} }

// control is for the methods of Notification.
func (fd FD) control(do func(fd uintptr) syscall.Errno) error {
	if errno := do(uintptr(fd)); errno != 0 {
		return errno
	}
	return nil
}
