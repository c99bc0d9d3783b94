// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"sync"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file has a call that was received, and its answers.

// ErrGone is what errors wrap about a call that is no longer there: its caller
// was killed, or a signal interrupted it. Where the kernel has said so, they wrap
// syscall.ENOENT too.
var ErrGone = system.ErrGone

// ErrAnswered is what errors wrap about a call that has been answered already.
var ErrAnswered = errors.New("the call is answered already")

// Notification is a call that waits for an answer: Continue, Errno, Return, or
// AddFD with FDAnswer. The first answer counts, later ones fail with
// ErrAnswered. All methods may be called by several goroutines at once, and wrap
// ErrGone in their error if the call is not there any more.
//
// An answer that the kernel has taken may still be lost: a signal that reaches the
// caller at that very moment has it see EINTR, or make the call again. What the
// supervisor did in its place is then done twice. The filter's flag WaitKillable
// leaves that to signals that kill, and FDAnswer has its descriptor and the answer
// arrive together.
type Notification struct {
	ID uint64 // the kernel's number of the call, unique for its listener
	// PID is the thread that called, in the pid namespace of the process that
	// received. It is 0 for a thread that is not visible there.
	PID  int
	Call seccomp.Call // as the filter saw it

	holder   holder
	mu       sync.Mutex // held while answering
	answered bool
}

// Continue lets the kernel carry the call out as if the filter had allowed it
// (SECCOMP_USER_NOTIF_FLAG_CONTINUE, Linux 5.5).
//
// To continue is no decision about security. What the arguments point to, and
// what descriptors stand for, can be changed by the caller's other threads, and by
// whoever shares its memory, after the supervisor has looked and before the
// kernel does. A program that must be kept from a call has to be kept from it by the
// filter, or the call must be made by the supervisor in its place. Continue is
// for calls that something else makes harmless, and for those whose register
// arguments alone matter.
//
// Programs that answered Trace or Log are passed over: of them Notify is the more
// restrictive, and the call is not shown to any filter again.
func (n *Notification) Continue() error {
	return n.answer("continue", response{flags: flagContinue})
}

// Errno answers that the call failed. The number is Linux's of the ABI that the
// call came through, 1 to MaxErrno.
func (n *Notification) Errno(e syscall.Errno) error {
	if !n.made() {
		return errNotReceived
	}
	if e < 1 || e > seccomp.MaxErrno {
		return n.problem("errno", fmt.Errorf("%d, want 1 to %d", int(e), seccomp.MaxErrno))
	}
	return n.answer("errno", response{err: -int32(e)})
}

// Return answers that the call succeeded, with that result, of which 32-bit ABIs
// take the low half. A caller takes -MaxErrno to -1 for an errno.
func (n *Notification) Return(v int64) error {
	return n.answer("return", response{value: v})
}

// Valid is nil while the call waits for its answer. As long as it does, the
// thread is not gone and PID is not that of another: whatever was found out about
// PID before is about this call if Valid is nil afterwards. The error wraps
// ErrGone or ErrAnswered.
func (n *Notification) Valid() error {
	if !n.made() {
		return errNotReceived
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.answered {
		return n.problem("valid", ErrAnswered)
	}
	return n.problem("valid", valid(n.holder, n.ID))
}

// answer sends a response, once: of two goroutines that answer, the second gets ErrAnswered.
func (n *Notification) answer(how string, r response) error {
	if !n.made() {
		return errNotReceived
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.answered {
		return n.problem(how, ErrAnswered)
	}
	r.id = n.ID
	err := send(n.holder, &r)
	// Another holder of the listener may have been first.
	n.answered = err == nil || errors.Is(err, ErrAnswered)
	return n.problem(how, err)
}

// holder has the descriptor of a listener: a Listener or an FD.
type holder interface {
	// control does something with the descriptor. An errno becomes the error.
	control(do func(fd uintptr) syscall.Errno) error
}

// made says whether a listener made the notification.
func (n *Notification) made() bool { return n != nil && n.holder != nil }

var errNotReceived = errors.New("seccomp: notification: no listener received it")

// problem says which call an error is about.
func (n *Notification) problem(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("seccomp: notification %#x: %s: %w", n.ID, what, err)
}
