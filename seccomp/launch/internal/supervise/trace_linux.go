// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	decode "github.com/gosieve/sieve/internal/argument"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file traces the child and its descendants, to name the calls that a signal of the
// filter answered (launch.Cmd.Trace).

// tracer names the calls that signals of the filter answer. It is one thread.
//
// All threads of a process see the stops of what one of them traces when they
// wait for that very process, whatever they ask for. Nobody may therefore wait for
// the child before the tracer has let go of it, which it does as the child ends.
type tracer struct {
	*Supervisor
	child int
	free  chan struct{} // closed when the child may be waited for
	freed bool
	named bool // a call of the child has been written down
}

// Trace makes the launcher the tracer of the child, which is not to run meanwhile. It returns
// when the child is attached to, or with the reason why it could not be (EPERM, if a security
// module or another tracer forbids it). A tracer is one thread, so it gets one of its own that
// lives until nobody is left to be traced.
func (s *Supervisor) Trace(child int) error {
	t := &tracer{Supervisor: s, child: child, free: make(chan struct{})}
	attached := make(chan error, 1)
	if err := system.OnOwnThread(func() { t.run(attached) }); err != nil {
		return err
	}
	if err := <-attached; err != nil {
		return err
	}
	s.tracer = t
	return nil
}

// release lets others wait for the child. It may be called more than once.
func (t *tracer) release() {
	if !t.freed {
		t.freed = true
		close(t.free)
	}
}

// traceOptions are the stops that are asked for: PTRACE_EVENT_EXIT, in which registers are
// still those of the last call, and the birth of children and threads, so that they are traced
// from their first instruction on.
const traceOptions = unix.PTRACE_O_TRACEEXIT | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEFORK |
	unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_TRACEEXEC

// run traces until nobody is left. Its thread ends with it, and lets go of whoever
// is.
func (t *tracer) run(attached chan<- error) {
	if errno := system.Ptrace(unix.PTRACE_SEIZE, t.child, 0, traceOptions); errno != 0 {
		attached <- errno
		return
	}
	attached <- nil
	defer t.release()
	for t.tracingFailed() == nil {
		pid, ended, errno := system.Next(unix.WEXITED | unix.WSTOPPED)
		switch {
		case errno == unix.EINTR:
		case errno == unix.ECHILD:
			return
		case errno != 0:
			t.trouble("waitid", errno)
		case ended && pid == t.child:
			// It ended without a last stop or after its other threads, and is not this
			// thread's to wait for.
			t.release()
			if pid, _, errno := system.Next(unix.WSTOPPED | unix.WNOHANG); errno == 0 && pid != 0 {
				t.stopped(pid)
			} else {
				time.Sleep(2 * time.Millisecond)
			}
		case ended:
			_, err := unix.Wait4(pid, nil, unix.WALL|unix.WNOTHREAD|unix.WNOHANG, nil)
			t.trouble("wait4", err)
		default:
			t.stopped(pid)
		}
	}
}

// trouble keeps the first error that ends tracing: whoever has stopped would stay so.
// ESRCH and ECHILD are about processes that were killed meanwhile.
func (t *tracer) trouble(what string, err error) {
	if err == nil || err == unix.Errno(0) || err == unix.ESRCH || err == unix.ECHILD || err == unix.EINTR {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.traceErr == nil {
		t.traceErr = fmt.Errorf("%s: %w", what, err)
	}
}

// resume lets a process go on in one of the ways that there are: PTRACE_CONT, with a signal
// or 0; PTRACE_LISTEN, to stay stopped; PTRACE_DETACH.
func (t *tracer) resume(request, pid int, signal uintptr) {
	t.trouble("ptrace", system.Ptrace(request, pid, 0, signal))
}

// stopped lets a process that has stopped go on. The upper 16 bits of the status say why it
// stopped (ptrace(2)): 0 is the arrival of a signal, and an event otherwise. A SIGSYS of a
// filter is still delivered, as without a tracer.
func (t *tracer) stopped(pid int) {
	var status unix.WaitStatus
	got, err := unix.Wait4(pid, &status, unix.WALL|unix.WNOTHREAD|unix.WNOHANG, nil)
	if err != nil || got != pid || !status.Stopped() {
		t.trouble("wait4", err) // or it was killed meanwhile
		return
	}
	signal := status.StopSignal()
	switch int(status) >> 16 {
	case 0:
		if signal == unix.SIGSYS && t.bySeccomp(pid) {
			t.write(pid, seccomp.Trap(0))
		}
		t.resume(unix.PTRACE_CONT, pid, uintptr(signal))
	case unix.PTRACE_EVENT_EXIT:
		var why uint64
		t.trouble("ptrace", system.Ptrace(unix.PTRACE_GETEVENTMSG, pid, 0, uintptr(unsafe.Pointer(&why))))
		if unix.WaitStatus(why).Signal() == unix.SIGSYS {
			t.write(pid, seccomp.KillProcess)
		}
		if pid == t.child && !alone(pid) {
			t.resume(unix.PTRACE_CONT, pid, 0)
			return
		}
		t.resume(unix.PTRACE_DETACH, pid, 0)
		if pid == t.child {
			t.release()
		}
	case unix.PTRACE_EVENT_STOP:
		switch signal {
		case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
			t.resume(unix.PTRACE_LISTEN, pid, 0) // stays stopped, as it would
			return
		}
		fallthrough
	default:
		t.resume(unix.PTRACE_CONT, pid, 0)
	}
}

// alone says whether a process has one thread only. While it has others, the end of
// the first is not its own: one of them may execute a program, and then has the first
// one's id and is traced. The kernel's list of threads breaks off where one ends while
// it is read; their number does not.
func alone(pid int) bool {
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	return err == nil && bytes.Contains(b, []byte("\nThreads:\t1\n"))
}

// bySeccomp says whether a SIGSYS comes from a filter, and not from kill(2).
func (t *tracer) bySeccomp(pid int) bool {
	var info [128]byte // siginfo_t
	errno := system.Ptrace(unix.PTRACE_GETSIGINFO, pid, 0, uintptr(unsafe.Pointer(&info)))
	const sysSeccomp = 1 // SYS_SECCOMP, asm-generic/siginfo.h
	return errno == 0 && (*unix.Siginfo)(unsafe.Pointer(&info)).Code == sysSeccomp
}

// write writes a call down if the policy gives it the action. When a filter kills
// a process all its threads end alike, also those that made other calls.
func (t *tracer) write(pid int, a seccomp.Action) {
	c, ok := stoppedCall(pid)
	if !ok {
		return
	}
	v := newView(t.policy, &c)
	d := v.explain(&c)
	kind := d.Action.Kind()
	if (kind == seccomp.Trap(0)) != (a == seccomp.Trap(0)) || a != seccomp.Trap(0) && kind != seccomp.KillProcess && kind != seccomp.KillThread {
		return
	}
	k := v.key(&c, d)
	k.signal = true
	denied := newDenied(&c, d, pid, tracee(pid))
	denied.Signal, denied.Count = unix.SIGSYS, 1
	of, err := system.ProcessOf(pid)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.denials.add(k, denied)
	t.named = t.named || err == nil && of == t.child
}

// tracee reads the memory of a process that has stopped.
type tracee int

var _ decode.Memory = tracee(0)

// Read fills b with what is there, up to the first page that is not.
func (pid tracee) Read(addr uint64, b []byte) (int, error) {
	return system.ReadMemory(int(pid), addr, b)
}

// ReadString reads up to a NUL, or limit bytes.
func (pid tracee) ReadString(addr uint64, limit int) (string, error) {
	return beginningOf(pid.Read, addr, limit)
}
