// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"context"
	"fmt"
	"os"

	"github.com/gosieve/sieve/seccomp"
)

// This file has what the launcher asks of a supervisor, and what it tells it.

// Denials are the calls that were denied, in order.
func (s *Supervisor) Denials() []Denied {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denials.list()
}

// Omitted is how many calls, not kinds of calls, are not among Denials: those came after
// MaxDenials kinds.
func (s *Supervisor) Omitted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.denials.omitted
}

// Wait waits until Serve has ended, which is when no process is left that could make a call.
// The error is Failure's, or the context's: then Serve goes on.
func (s *Supervisor) Wait(ctx context.Context) error {
	select {
	case <-s.done:
		return s.Failure()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Failure is why Serve or the tracer has ended before it should have; nil if neither has, and
// for a nil Supervisor. From then on calls of the child are no longer written down.
func (s *Supervisor) Failure() error {
	if s == nil {
		return nil
	}
	if err := s.tracingFailed(); err != nil {
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

// tracingFailed is what has ended tracing before it should have.
func (s *Supervisor) tracingFailed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.traceErr
}

// Died writes down that a signal of the filter ended the child, of which only its
// status tells. The call is the launcher's own execve, if that is known.
func (s *Supervisor) Died(pid int, signal os.Signal, c *seccomp.Call) {
	d := Denied{Decision: seccomp.Decision{Rule: -1}, PID: pid}
	k := denialKey{rule: -1, pid: pid}
	if c != nil {
		v := newView(s.policy, c)
		decision := v.explain(c)
		d, k = newDenied(c, decision, pid, nil), v.key(c, decision)
	}
	d.Signal, d.Count, k.signal = signal, 1, true
	s.mu.Lock()
	defer s.mu.Unlock()
	s.denials.add(k, d)
}

// Forget leaves out calls with those numbers, which were no calls of the child's program.
func (s *Supervisor) Forget(numbers ...uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.denials.entries {
		for _, nr := range numbers {
			if k.nr == nr && !k.signal {
				delete(s.denials.entries, k)
			}
		}
	}
}

// Named says whether the tracer has written down which call of the child a signal
// answered.
func (s *Supervisor) Named() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracer != nil && s.tracer.named
}

// AwaitTracer returns when nobody traces the child any more. The supervisor may be nil.
func (s *Supervisor) AwaitTracer() {
	if s != nil && s.tracer != nil {
		<-s.tracer.free
	}
}
