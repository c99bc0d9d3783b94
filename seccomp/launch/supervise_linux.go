// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/notify"
)

// ask finds out whether the child gets a listener, and which filter.
func (l *launch) ask() (err error) {
	c := l.cmd
	switch {
	case c.Trace && c.Explain == nil:
		return errors.New("Trace: want Explain too, which says what the calls mean")
	case c.Trace && c.Privileged:
		return errors.New("Trace: not with Privileged: a traced program gains no privileges")
	case c.HandOver != nil && !c.Listen:
		return errors.New("HandOver: want Listen too, which makes the listener")
	case c.Listen && c.Explain != nil:
		return errors.New("Listen and Explain: the kernel allows one listener")
	case c.Listen:
		l.asker, err = l.filter.Notifier()
		return err
	case c.Explain == nil:
		return nil
	case system.Kernel() < 5<<8|9:
		return fmt.Errorf("Explain: %w: a listener tells since Linux 5.9 that nobody uses it any more", seccomp.ErrNotSupported)
	}
	if l.filter, err = supervisedFilter(l.filter, c.Explain); err != nil {
		return err
	}
	c.supervisor = &supervisor{policy: c.Explain, done: make(chan struct{})}
	if l.asker, err = l.filter.Notifier(); err != nil {
		l.asker = -1 // no decision is ERRNO or LOG
		close(c.supervisor.done)
		return nil
	}
	// So that a signal does not interrupt a call that would not have waited.
	l.flags |= system.Supported(seccomp.WaitKillable)
	return nil
}

// supervised makes a child whose filter has a listener, with a helper that
// fetches it (forkHelped).
func (l *launch) supervised() (int, error) {
	page, r, noted, err := newSharedReports()
	if err != nil {
		return 0, &StartError{Stage: StageFork, Err: err}
	}
	unmap := func() { unix.Munmap(page) }
	l.report, l.noted = r, noted
	syscall.ForkLock.Lock()
	l.helperID, err = l.copy(r)
	syscall.ForkLock.Unlock()
	if err != nil {
		unmap()
		return 0, err
	}
	defer unix.Close(l.sync.ours)
	if l.shared {
		defer unmap()
		return l.supervisedSharing()
	}
	listener, err := l.fetch()
	if err == nil {
		err = l.handOver(listener)
	}
	err = l.dismiss(err)
	pid := int(r.child)
	switch {
	case err != nil:
		unmap()
		if listener != nil {
			listener.Close()
		}
		return 0, err
	case l.cmd.Listen:
		l.cmd.Listener = listener
		if l.asksBeforeExec() {
			l.cmd.late = func() error {
				defer unmap()
				if r.errno == 0 {
					return nil
				}
				return l.fault(r)
			}
			return pid, nil
		}
	default:
		l.cmd.supervisor.listener = listener
		go l.cmd.supervisor.serve()
	}
	defer unmap()
	pid, err = l.executed(pid)
	if err != nil {
		l.abandon(listener)
	}
	return pid, err
}

// handOver lets the child go on when its listener is where it belongs.
func (l *launch) handOver(listener *notify.Listener) (err error) {
	c, pid := l.cmd, int(l.report.child)
	if c.HandOver == nil {
		return nil
	}
	c.Listener = listener
	if c.Process, err = os.FindProcess(pid); err == nil {
		if err = c.HandOver(listener); err != nil {
			err = &StartError{Stage: StageListener, Err: err}
		}
	}
	if err != nil {
		c.Listener, c.Process = nil, nil
		return l.abort(pid, startError(err))
	}
	atomic.StoreUint32(&l.report.fate, fateGo)
	if err = writeByte(l.hand.ours); err != nil {
		return l.abort(pid, startError(fmt.Errorf("the helper: %w", err)))
	}
	return nil
}

// dismiss waits for the helper, which ends as nothing more can come from the launcher.
// The error is the one that there was before, or what the helper has met; then no
// child is left.
func (l *launch) dismiss(before error) error {
	if err := unix.Close(l.hand.ours); err != nil {
		l.problem = errors.Join(l.problem, fmt.Errorf("close: %w", err), unix.Shutdown(l.hand.ours, unix.SHUT_RDWR))
	}
	_, err := reap(l.helperID)
	l.helperID = 0
	if before != nil {
		if pid := int(l.report.child); pid > 0 && l.report.fate == fateOpen {
			return l.abort(pid, before) // it came later
		}
		return before
	}
	if errno := unix.Errno(l.noted.errno); errno != 0 && err == nil {
		err = fmt.Errorf("the helper: %w", errno)
	}
	if err = errors.Join(l.problem, err); err != nil {
		return l.abort(int(l.report.child), &StartError{Stage: StageFilter, What: "listener", Err: err})
	}
	return nil
}

// executed waits until the child has called exec, or not come to that.
func (l *launch) executed(pid int) (int, error) {
	l.until(l.sync.ours, l.over, l.readable(l.sync.ours)) // exec or the child's end closes theirs
	switch {
	case l.problem != nil:
		return 0, l.abort(pid, startError(l.problem))
	case l.failed(): // its exit may be waiting for an answer
		l.take()
		if err := kill(pid); err != nil {
			return 0, l.abort(pid, startError(err))
		}
	}
	return l.judge(pid, l.report)
}

// sharingHelps says whether helper and child can be in the launcher's memory, as
// in sharing: nobody but the launcher could answer a child that asks before its
// program runs, or as it ends without. Somebody who killed the helper alone, at
// that very moment, would have launcher and child go on with one stack: like its
// threads, it is part of the launcher.
func (l *launch) sharingHelps() bool {
	if l.newUser() || l.cmd.Trace || l.cmd.apart || l.cmd.HandOver != nil || !sharingIsSafe() || l.asksBeforeExec() {
		return false
	}
	for _, nr := range []uintptr{unix.SYS_EXIT_GROUP, unix.SYS_EXIT} {
		c := l.made(&step{nr: nr, args: [6]uintptr{exitStatus}})
		if l.filter.Run(&c).Kind() == seccomp.Notify {
			return false
		}
	}
	return l.keepsDumpable()
}

// supervisedSharing is the rest of supervised where all is done once the launcher
// goes on.
func (l *launch) supervisedSharing() (int, error) {
	l.take() // they are done
	_, err := reap(l.helperID)
	runtime.KeepAlive(l)
	listener, problem := l.received()
	problem = errors.Join(l.problem, err, problem, unix.Close(l.hand.ours))
	pid, r := int(l.report.child), l.report
	switch {
	case pid == 0:
		return 0, &StartError{Stage: StageFork, Err: errHelper}
	case pid < 0:
		return 0, &StartError{Stage: StageFork, Err: unix.Errno(-pid)}
	}
	pid, err = l.judge(pid, r)
	if err == nil && problem != nil {
		err = l.abort(pid, &StartError{Stage: StageFilter, What: "listener", Err: problem})
	}
	if err != nil {
		if listener != nil {
			listener.Close()
		}
		return 0, err
	}
	if l.cmd.Listen {
		l.cmd.Listener = listener
	} else {
		l.cmd.supervisor.listener = listener
		go l.cmd.supervisor.serve()
	}
	return pid, nil
}

// abandon leaves nothing behind of a child that has not come to its program. Its
// own exit, which the filter may have denied too, was no call of a program.
func (l *launch) abandon(listener *notify.Listener) {
	if l.cmd.Listen {
		listener.Close()
		l.cmd.Listener = nil
		return
	}
	<-l.cmd.supervisor.done
	l.cmd.supervisor.forget(unix.SYS_EXIT, unix.SYS_EXIT_GROUP)
}

func (s *supervisor) forget(numbers ...uint32) {
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

// fetch has the helper make the child, and gets the child's listener from it. If
// there is an error no child is left.
func (l *launch) fetch() (*notify.Listener, error) {
	r := l.report
	// The child may have failed before the helper can tell who it is.
	l.until(-1, l.helperEnded, func() bool { return atomic.LoadInt32(&r.child) != 0 })
	switch pid := int(atomic.LoadInt32(&r.child)); {
	case pid == 0:
		return nil, &StartError{Stage: StageFork, Err: cmp.Or(l.problem, errHelper)}
	case pid < 0:
		return nil, &StartError{Stage: StageFork, Err: unix.Errno(-pid)}
	}
	pid := int(r.child)
	if err := l.meetChild(pid); err != nil {
		return nil, l.abort(pid, startError(err))
	}
	err := errHelper
	if l.until(-1, l.over, func() bool { return atomic.LoadInt32(&r.listener.fd) >= 0 }) {
		listener, problem := l.receive()
		if problem == nil {
			return listener, nil
		}
		return nil, l.abort(pid, &StartError{Stage: StageFilter, What: "listener", Err: problem})
	}
	if l.problem != nil {
		return nil, l.abort(pid, &StartError{Stage: StageFork, Err: l.problem})
	}
	if l.failed() || l.ended(pid) {
		_, err := l.judge(pid, r)
		return nil, err
	}
	return nil, l.abort(pid, &StartError{Stage: StageFork, Err: err})
}

var errHelper = errors.New("the helper was killed")

// receive gets the listener from the helper.
func (l *launch) receive() (*notify.Listener, error) {
	if err := writeByte(l.hand.ours); err != nil {
		return nil, err
	}
	// The helper has it even if the child has ended.
	if !l.until(l.hand.ours, l.helperEnded, l.readable(l.hand.ours)) {
		if errno := unix.Errno(l.noted.errno); errno != 0 {
			return nil, fmt.Errorf("the helper: %w", errno)
		}
		return nil, cmp.Or(l.problem, errHelper)
	}
	return l.received()
}

// received is the listener that the helper has sent.
func (l *launch) received() (*notify.Listener, error) {
	b, rights := make([]byte, 1), make([]byte, unix.CmsgSpace(4))
	_, n, _, _, err := unix.Recvmsg(l.hand.ours, b, rights, unix.MSG_CMSG_CLOEXEC|unix.MSG_DONTWAIT)
	if err != nil {
		return nil, err
	}
	messages, err := unix.ParseSocketControlMessage(rights[:n])
	if err != nil {
		return nil, err
	}
	for i := range messages {
		if fds, err := unix.ParseUnixRights(&messages[i]); err == nil && len(fds) == 1 {
			f := os.NewFile(uintptr(fds[0]), "seccomp listener")
			listener, err := notify.NewListener(f)
			if err != nil {
				return nil, errors.Join(err, f.Close())
			}
			return listener, nil
		}
	}
	return nil, errors.New("the helper sent no listener")
}

// until waits for something to be done, unless it is over. It looks at once when
// there is something on fd.
func (l *launch) until(fd int, over, done func() bool) bool {
	for pause := 20 * time.Microsecond; ; pause = min(pause*3/2, 5*time.Millisecond) {
		if done() {
			return true
		}
		if over() || l.problem != nil {
			return done() && l.problem == nil
		}
		_, err := poll(fd, pause)
		l.trouble(err)
	}
}

// trouble keeps the first error of the calls that tell how the child fares.
func (l *launch) trouble(err error) {
	if l.problem == nil {
		l.problem = err
	}
}

func (l *launch) readable(fd int) func() bool {
	return func() bool {
		there, err := poll(fd, 0)
		l.trouble(err)
		return there
	}
}

// hear reads the byte that the child sends where it meets the launcher. It says no
// if the child has ended.
func (l *launch) hear() (bool, error) {
	if l.asker >= 0 && !l.until(l.sync.ours, l.over, l.readable(l.sync.ours)) {
		return false, l.problem
	}
	return readByte(l.sync.ours)
}

// tell has the child go on from there. If it has ended, its report says why.
func (l *launch) tell() error {
	err := writeByte(l.sync.ours)
	if err == unix.EPIPE || err == unix.ECONNRESET {
		return nil
	}
	return err
}

// over says whether the child has failed, or it or its helper has ended. The two
// have the same descriptors: the end of one alone closes nothing.
func (l *launch) over() bool {
	return l.failed() || l.ended(int(atomic.LoadInt32(&l.report.child))) || l.helperEnded()
}

func (l *launch) failed() bool { return atomic.LoadUint32(&l.report.errno) != 0 }

func (l *launch) helperEnded() bool { return l.helperID > 0 && l.ended(l.helperID) }

func (l *launch) ended(pid int) bool {
	yes, err := ended(pid)
	l.trouble(err)
	return yes
}

// asksBeforeExec says whether the child waits for an answer before its program
// runs. A filter that goes by addresses may ask at any of its calls.
func (l *launch) asksBeforeExec() bool {
	for _, p := range l.filter {
		for _, ins := range p {
			if ins.Op == bpf.OpLdAbs && (ins.K == 8 || ins.K == 12) { // the halves of the instruction pointer
				return true
			}
		}
	}
	for _, s := range l.steps[l.filtered:] {
		if s.op == opCaps || s.op == opHold {
			continue
		}
		c := l.made(&s)
		if l.filter.Run(&c).Kind() == seccomp.Notify {
			return true
		}
	}
	return false
}

// made is a step as the filter sees it.
func (l *launch) made(s *step) seccomp.Call {
	c := seccomp.Call{Audit: arch.Native().Audit(), Nr: uint32(s.nr)}
	for i, a := range s.args {
		c.Args[i] = uint64(a)
	}
	return c
}

// named says whether the tracer has written down which call of the child a signal
// answered.
func (s *supervisor) named() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tracer != nil && s.tracer.named
}

// explainEnd writes down that the filter has ended the child, as far as its status
// tells.
func (c *Cmd) explainEnd(state *os.ProcessState) {
	status, ok := state.Sys().(syscall.WaitStatus)
	if ok && status.Signaled() && status.Signal() == unix.SIGSYS && !c.supervisor.named() {
		c.supervisor.died(state.Pid(), unix.SIGSYS, nil)
	}
}

// explainStart writes down that the filter has ended a child that never came to
// its program.
func (l *launch) explainStart(err error) {
	var e *StartError
	if l.cmd.supervisor == nil || !errors.As(err, &e) || e.Signal != unix.SIGSYS || l.cmd.supervisor.named() {
		return
	}
	var c *seccomp.Call
	if last := &l.steps[len(l.steps)-1]; e.Stage == last.stage {
		made := l.made(last)
		c = &made
	}
	l.cmd.supervisor.died(0, unix.SIGSYS, c)
}
