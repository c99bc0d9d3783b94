// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"os"
)

// This file answers a call by giving the caller a descriptor.

// FDFlags say how a descriptor is added to a process.
type FDFlags uint32

// The flags.
const (
	// FDCloseOnExec closes the descriptor when the process calls execve.
	FDCloseOnExec FDFlags = 1 << iota
	// FDAnswer answers the call with the descriptor's number, in one step with
	// adding it: there is no descriptor without the answer, whatever interrupts the
	// call (SECCOMP_ADDFD_FLAG_SEND, Linux 5.14).
	FDAnswer
)

// AddFD gives the process that called a descriptor of the same open file, with the
// lowest free number, which is the result (SECCOMP_IOCTL_NOTIF_ADDFD, Linux 5.9).
// The file stays open here. Both share its position and its status flags: pipes and
// sockets of Go programs mostly have O_NONBLOCK, which the other program will
// not expect. AddFD waits until the process has taken the descriptor, which one that
// is frozen does not.
//
// Without FDAnswer the call goes on waiting for its answer; if it is gone before
// that, the process keeps the descriptor. Errors wrap ErrGone, ErrAnswered,
// ErrNotSupported, or the errno of the process: syscall.EMFILE if its descriptors
// are used up. After an error the call still waits for an answer, unless it is one
// of the first two.
func (n *Notification) AddFD(f *os.File, flags FDFlags) (int, error) {
	return n.addFD(f, addfd{}, flags)
}

// SetFD is AddFD with a number, as dup2(2) has it: what the process has
// there is replaced. A number that the process may not use is syscall.EBADF.
func (n *Notification) SetFD(f *os.File, number int, flags FDFlags) (int, error) {
	if !n.made() {
		return -1, errNotReceived
	}
	if number < 0 || int64(number) > 1<<31-1 {
		return -1, n.problem("set descriptor", errors.New("negative or too large a number"))
	}
	return n.addFD(f, addfd{flags: addAt, number: uint32(number)}, flags)
}

// addFD is all forms of adding a descriptor. With FDAnswer the call is answered in the same
// step, so nobody else can answer in between.
func (n *Notification) addFD(f *os.File, a addfd, flags FDFlags) (int, error) {
	if !n.made() {
		return -1, errNotReceived
	}
	const what = "add descriptor"
	if flags&^(FDCloseOnExec|FDAnswer) != 0 {
		return -1, n.problem(what, errors.New("unknown flags"))
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.answered {
		return -1, n.problem(what, ErrAnswered)
	}
	a.id = n.ID
	if flags&FDAnswer != 0 {
		a.flags |= addSend
	}
	fd, err := addFD(n.holder, &a, f, flags&FDCloseOnExec != 0)
	n.answered = err == nil && flags&FDAnswer != 0 || errors.Is(err, ErrAnswered)
	return fd, n.problem(what, err)
}
