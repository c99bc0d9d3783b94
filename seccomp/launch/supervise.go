// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/gosieve/sieve/arch"
	decode "github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// This file answers the calls of a child with Cmd.Supervise, in the kernel's place, and
// writes down what was denied.

// supervisor does for a child what the kernel would, and writes it down.
type supervisor struct {
	policy   *seccomp.Policy
	calls    map[callNumber]*view // used by serve alone
	listener *notify.Listener
	done     chan struct{} // closed when serve has ended, with err set
	err      error

	tracer *tracer // for Trace

	mu       sync.Mutex // held from an answer on until it is in denials
	denials  denials
	traceErr error // what has ended tracing
}

// serve answers calls until no process is left that could make one, and
// closes the listener: whatever ends it, nobody waits for it any longer.
func (s *supervisor) serve() {
	defer close(s.done)
	defer s.listener.Close()
	for {
		n, err := s.listener.Receive(context.Background())
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

// failure is why serve has ended before it should have.
func (s *supervisor) failure() error {
	if s == nil {
		return nil
	}
	if err := s.problem(); err != nil {
		return fmt.Errorf("seccomp: trace: %w", err)
	}
	select {
	case <-s.done:
		if s.err != nil {
			return fmt.Errorf("seccomp: explain: %w", s.err)
		}
	default:
	}
	return nil
}

// problem is what has ended tracing before it should have.
func (s *supervisor) problem() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.traceErr
}

// answer answers as the kernel would. A call that is gone was not denied, and is
// made again if it was a signal that interrupted it.
func (s *supervisor) answer(n *notify.Notification) error {
	v := s.view(&n.Call)
	d := v.explain(&n.Call)
	k := v.key(&n.Call, d)
	var first Denial
	if s.fresh(k) {
		first = newDenial(&n.Call, d, n.PID, caller{n})
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
func (s *supervisor) fresh(k denialKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denials.entries[k] == nil && len(s.denials.entries) < maxDenials
}

func newDenial(c *seccomp.Call, d seccomp.Decision, pid int, memory decode.Memory) Denial {
	abi, _ := arch.Of(c.Audit, c.Nr)
	name, _ := abi.Name(c.Nr)
	return Denial{
		Call: *c, Arch: abi, Name: name, Decision: d, PID: pid,
		Args: decode.Text(abi, name, c.Args, memory),
	}
}

// reply is what the kernel does with the action.
func reply(n *notify.Notification, a seccomp.Action) error {
	switch {
	case a.Kind() != seccomp.Errno(0): // Log, or Allow for a listener
		return n.Continue()
	case a.Data() == 0:
		return n.Return(0)
	}
	return n.Errno(syscall.Errno(a.Data()))
}

// died writes down that a signal of the filter ended the child, of which only its
// status tells. The call is the launcher's own execve, if that is known.
func (s *supervisor) died(pid int, signal os.Signal, c *seccomp.Call) {
	d := Denial{Decision: seccomp.Decision{Rule: -1}, PID: pid}
	k := denialKey{rule: -1, pid: pid}
	if c != nil {
		v := newView(s.policy, c)
		decision := v.explain(c)
		d, k = newDenial(c, decision, pid, nil), v.key(c, decision)
	}
	d.Signal, d.Count, k.signal = signal, 1, true
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denials.add(k, d)
}
