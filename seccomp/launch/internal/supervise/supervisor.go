// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"context"
	"errors"
	"io"
	"sync"
	"syscall"

	decode "github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// This file answers the calls of a child with launch.Cmd.Supervise, in the kernel's place, and
// writes down what was denied.

// Supervisor does for a child what the kernel would, and writes it down.
type Supervisor struct {
	Listener *notify.Listener // of the child's filter, set before Serve

	policy *seccomp.Policy
	calls  map[callNumber]*view // used by Serve alone
	done   chan struct{}        // closed when Serve has ended, with err set
	err    error

	tracer *tracer // once Trace was called

	mu       sync.Mutex // held from an answer on until it is in denials
	denials  denials
	traceErr error // what has ended tracing
}

// New is the supervisor of a child under a filter that Filter has made of the policy. Either
// Serve or Idle is to be called.
func New(p *seccomp.Policy) *Supervisor { return &Supervisor{policy: p, done: make(chan struct{})} }

// Idle says that the child's filter asks nobody.
func (s *Supervisor) Idle() { close(s.done) }

// Serve answers calls until no process is left that could make one, and
// closes the listener: whatever ends it, nobody waits for it any longer.
func (s *Supervisor) Serve() {
	defer close(s.done)
	defer s.Listener.Close()
	for {
		n, err := s.Listener.Receive(context.Background())
		if err == nil {
			err = s.answer(n)
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
			return
		}
	}
}

// answer answers as the kernel would. A call that is gone was not denied, and is
// made again if it was a signal that interrupted it. The lock is held from the answer until
// the call is written down, so that whoever has seen the child go on finds the call in Denials.
func (s *Supervisor) answer(n *notify.Notification) error {
	v := s.view(&n.Call)
	d := v.explain(&n.Call)
	k := v.key(&n.Call, d)
	var first Denied
	if s.fresh(k) {
		first = newDenied(&n.Call, d, n.PID, caller{n})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	err := reply(n, d.Action)
	if err == nil {
		first.Count = 1
		s.denials.add(k, first)
	}
	if errors.Is(err, notify.ErrGone) || errors.Is(err, notify.ErrAnswered) {
		return nil
	}
	return err
}

// fresh says whether a call is the first of its kind. Its arguments are read while
// no lock is held: memory may be such that its owner can keep the reader waiting.
func (s *Supervisor) fresh(k denialKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denials.entries[k] == nil && len(s.denials.entries) < MaxDenials
}

// newDenied is a call with its arguments as text. Without memory, pointers are addresses.
func newDenied(c *seccomp.Call, d seccomp.Decision, pid int, memory decode.Memory) Denied {
	abi, name := namesOf(c)
	return Denied{Call: *c, Decision: d, PID: pid, Args: decode.Text(abi, name, c.Args, memory)}
}

// reply is what the kernel does with the action. ERRNO(0) skips the call and returns 0, as a
// result: Notification.Errno takes no 0.
func reply(n *notify.Notification, a seccomp.Action) error {
	switch {
	case a.Runs(): // Log, or Allow for a listener
		return n.Continue()
	case a == seccomp.Errno(0):
		return n.Return(0)
	case a.Kind() == seccomp.Errno(0):
		return n.Errno(syscall.Errno(a.Data()))
	}
	return n.Errno(syscall.ENOSYS) // no other action asks a supervisor; never run the call
}
