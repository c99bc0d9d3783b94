// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// witness is a process of sieve's own process group that never runs. It is traced, and
// has stopped before its first instruction with all signals blocked. A signal that was
// sent to the whole group, as a terminal's keys do, stays pending there; one that was
// sent to sieve alone does not appear. The kernel goes through a group from its youngest
// process on (kill_pgrp, attach_pid), so the witness has the signal before sieve has.
//
// A pending signal cannot be taken back from the witness, so each witness tells of a
// signal once, and is then replaced by a fresh one.
type witness struct {
	pid  int    // 0 if there is none
	seen uint64 // what earlier ones saw, a bit a signal from 1 on
	next chan struct{}
	made chan struct{}
}

// witnessName is what the process is called.
const witnessName = "sieve: witness of signals"

// newWitness starts one. It returns nil without a terminal: then no keys send signals to
// the group.
func newWitness() *witness {
	tty, err := os.OpenFile("/dev/tty", os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil
	}
	tty.Close()
	w := &witness{next: make(chan struct{}), made: make(chan struct{})}
	go w.keep()
	<-w.made
	return w
}

// keep makes a new witness for each that has seen a signal. Its thread is the tracer:
// ptrace(2) takes requests from that thread only, and the witness ends with it. The new
// witness inherits the thread's blocked signals. SIGTRAP is not blocked, as it is how a
// traced process stops at execve.
func (w *witness) keep() {
	runtime.LockOSThread() // for good: signals are blocked here
	var all unix.Sigset_t
	for i := range all.Val {
		all.Val[i] = ^all.Val[i]
	}
	trap := unix.SIGTRAP - 1 // is how it stops
	all.Val[trap/wordBits] &^= 1 << (trap % wordBits)
	if unix.PthreadSigmask(unix.SIG_SETMASK, &all, nil) == nil {
		w.pid = startStopped()
	}
	w.made <- struct{}{}
	for range w.next {
		old := w.pid
		w.pid = startStopped() // in the group before the other leaves it
		pending, _ := pendingOf(old)
		w.seen |= pending
		kill(old)
		w.made <- struct{}{}
	}
	kill(w.pid)
	close(w.made)
}

// wordBits is the size of the words of a set of signals.
const wordBits = strconv.IntSize

// startStopped starts a traced process that has stopped, and returns its number; 0 if
// that fails, as where tracing is forbidden. PTRACE_O_EXITKILL kills it with its tracer.
func startStopped() int {
	pid, err := syscall.ForkExec("/proc/self/exe", []string{witnessName}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		return 0
	}
	var status unix.WaitStatus
	for {
		_, err = unix.Wait4(pid, &status, 0, nil)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	switch {
	case err != nil || status.Exited() || status.Signaled():
		return 0
	case unix.PtraceSetOptions(pid, unix.PTRACE_O_EXITKILL) != nil:
		kill(pid)
		return 0
	}
	return pid
}

// kill ends a witness and waits for it: its number must not be used again while it is remembered.
func kill(pid int) {
	if pid == 0 || unix.Kill(pid, unix.SIGKILL) != nil {
		return
	}
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); !errors.Is(err, unix.EINTR) {
			return
		}
	}
}

// settled is how long a signal that the witness does not have is waited for, before it
// counts as sent to sieve alone: on a busy machine one in some hundreds that came to
// the group was not yet seen there.
const settled = 20 * time.Millisecond

// saw says whether a signal came to the whole group, and forgets it. known is false if
// there is no witness. It is called from one goroutine: next and made are a question and
// its answer.
func (w *witness) saw(s syscall.Signal) (group, known bool) {
	if w == nil || w.pid == 0 {
		return false, false
	}
	pending, ok := pendingOf(w.pid)
	bit := uint64(1) << (s - 1)
	if ok && (pending|w.seen)&bit == 0 {
		time.Sleep(settled)
		pending, ok = pendingOf(w.pid)
	}
	if !ok || (pending|w.seen)&bit == 0 {
		return false, ok
	}
	if pending&bit != 0 {
		w.next <- struct{}{}
		<-w.made
	}
	w.seen &^= bit
	return true, true
}

// pendingOf is the set of signals that wait for a process as a whole (ShdPnd in
// proc_pid_status(5)). Signals to a group go there and not to a thread.
func pendingOf(pid int) (mask uint64, ok bool) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	return statusMask(text, "ShdPnd:"), err == nil
}

// stop ends the witness, and with it the tracing thread.
func (w *witness) stop() {
	if w != nil {
		close(w.next)
		<-w.made
	}
}

// inForeground says whether this process belongs to the terminal's foreground
// group, which gets the signals of its keys.
func inForeground() bool {
	tty, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	defer tty.Close()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

// orphaned says whether nobody in the session could continue this process group if it
// were stopped, in which case the kernel does not stop it for SIGTSTP (setpgid(2)). It
// looks at sieve's own parent only.
func orphaned() bool {
	parent := os.Getppid()
	own, err1 := unix.Getsid(0)
	session, err2 := unix.Getsid(parent)
	group, err3 := unix.Getpgid(parent)
	if err1 != nil || err2 != nil || err3 != nil {
		return true
	}
	return session != own || group == unix.Getpgrp()
}
