// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
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

// callNumber is a call without its arguments.
type callNumber struct{ audit, nr uint32 }

// view is what a policy has to say about a number.
type view struct {
	policy seccomp.Policy // with those rules only that name it, and for it alone
	rules  []int          // their indices in the policy
	bits   [6]uint64      // the bits of the arguments that they look at
}

// maxViews is how many are kept. Programs use few numbers, and one that tries them
// all shall not fill the launcher's memory.
const maxViews = 1 << 14

func (s *supervisor) view(c *seccomp.Call) *view {
	at := callNumber{c.Audit, c.Nr}
	if v := s.calls[at]; v != nil {
		return v
	}
	v := newView(s.policy, c)
	if s.calls == nil || len(s.calls) >= maxViews {
		s.calls = map[callNumber]*view{}
	}
	s.calls[at] = v
	return v
}

func newView(p *seccomp.Policy, c *seccomp.Call) *view {
	v := &view{policy: seccomp.Policy{Arches: p.Arches, Default: p.Default, BadArch: p.BadArch}}
	abi, ok := arch.Of(c.Audit, c.Nr)
	if !ok {
		return v
	}
	for i := range p.Rules {
		r := &p.Rules[i]
		if !r.Names(abi, c.Nr) {
			continue
		}
		v.policy.Rules = append(v.policy.Rules, seccomp.Rule{Numbers: []seccomp.Range{{From: c.Nr, To: c.Nr}}, Args: r.Args, Action: r.Action})
		v.rules = append(v.rules, i)
		for _, a := range r.Args {
			bits := ^uint64(0)
			if a.Op == seccomp.MaskedEQ {
				bits = a.Mask
			}
			if a.Narrow || abi.Bits() == 32 {
				bits &= 0xffffffff
			}
			v.bits[a.Index] |= bits
		}
	}
	return v
}

// explain is Policy.Explain.
func (v *view) explain(c *seccomp.Call) seccomp.Decision {
	d := v.policy.Explain(c)
	if d.By == seccomp.ByRule {
		d.Rule = v.rules[d.Rule]
	}
	return d
}

// key is what tells the call apart from others.
func (v *view) key(c *seccomp.Call, d seccomp.Decision) denialKey {
	abi, _ := arch.Of(c.Audit, c.Nr)
	k := denialKey{abi: abi, audit: c.Audit, nr: c.Nr, by: d.By, rule: d.Rule}
	for i, bits := range v.bits {
		k.args[i] = c.Args[i] & bits
	}
	return k
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

// WaitDescendants waits until no process is left whose calls Explain carries out:
// the child and all that it left behind have ended, and before Linux 6.11 have
// been waited for, which is up to others for the latter. A launcher that ends before
// leaves ENOSYS to them for every call that the policy denies or logs. The error
// is the context's, or what has ended Explain before; without Explain, or where
// its policy denies and logs nothing, there is nothing to wait for. It may be
// called by several goroutines, once Start has returned.
func (c *Cmd) WaitDescendants(ctx context.Context) error {
	if c == nil {
		return errNilCmd
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if c.supervisor == nil {
		return nil
	}
	select {
	case <-c.supervisor.done:
		return c.supervisor.failure()
	case <-ctx.Done():
		return ctx.Err()
	}
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

// caller is the memory of a process that waits for an answer.
type caller struct{ *notify.Notification }

// ReadString reads up to a NUL, or limit bytes, where Notification's wants the NUL.
func (c caller) ReadString(addr uint64, limit int) (string, error) {
	return beginningOf(c.Read, addr, limit)
}

func beginningOf(read func(uint64, []byte) (int, error), addr uint64, limit int) (string, error) {
	b := make([]byte, limit)
	n, err := read(addr, b)
	if end := bytes.IndexByte(b[:n], 0); end >= 0 {
		return string(b[:end]), nil
	}
	return string(b[:n]), err
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

// Denials are the calls of the child and of its descendants that the policy did
// not simply allow, as far as Explain can see them, in the order of ABI, number,
// what decided, and the arguments that rules look at. Those that signals ended
// come last. It may be called at any time, by several goroutines, and is complete
// for a child that Wait has returned from; descendants that live on add to it.
//
// Up to 4096 different ones are kept; DenialsOmitted counts the rest.
func (c *Cmd) Denials() []Denial {
	if c == nil {
		return nil
	}
	if c.supervisor == nil {
		return nil
	}
	c.supervisor.mu.Lock()
	defer c.supervisor.mu.Unlock()
	return c.supervisor.denials.list()
}

// DenialsOmitted is how many calls are in no Denial, because there were too
// many different ones already.
func (c *Cmd) DenialsOmitted() int {
	if c == nil {
		return 0
	}
	if c.supervisor == nil {
		return 0
	}
	c.supervisor.mu.Lock()
	defer c.supervisor.mu.Unlock()
	return c.supervisor.denials.omitted
}
