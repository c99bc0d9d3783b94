// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
	"github.com/gosieve/sieve/seccomp/notify"
)

// This file is the way in: a Cmd says what child to start and under which filter. Start
// collects the child's files (files.go) and starts it (start_linux.go).

// Cmd is a child that runs under a filter, in the manner of exec.Cmd: fields
// and methods of the same name mean the same, unless their comment says more.
// It is made by Command and, like exec.Cmd, used once. The launcher is
// never restricted, and a filter that kills every call kills the child alone.
type Cmd struct {
	Path string   // the program
	Args []string // its arguments, from its name on; none means Path alone
	Env  []string // "name=value"; nil means the launcher's
	Dir  string   // the child's working directory; "" means the launcher's

	// Stdin, Stdout and Stderr are the null device if nil. An *os.File is
	// passed on, anything else is copied through a pipe.
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer
	// ExtraFiles become the child's descriptors from 3 on. A nil entry leaves
	// its number closed.
	ExtraFiles []*os.File

	// SysProcAttr is as in package os, with three limits, each an error of Start:
	// Ptrace is not supported, Cloneflags may hold namespaces only (not
	// CLONE_NEWTIME, which Unshareflags may), and Unshareflags' user namespace
	// gets its maps as that of Cloneflags does, from the launcher.
	SysProcAttr *syscall.SysProcAttr

	// Flags are for the installation in the child.
	Flags seccomp.Flags
	// Privileged installs the filter without no_new_privs, so that the child's
	// program can still gain privileges from set-user-ID bits and file
	// capabilities. The launcher needs CAP_SYS_ADMIN for that. Identity
	// (SysProcAttr.Credential, AmbientCaps) and Pdeathsig are then changed under
	// the filter, which must allow the calls for it: setgroups, setgid and
	// setuid; prctl, capget and capset; prctl and getppid. Without Privileged the
	// filter need allow execve only.
	Privileged bool

	// Listen gives the child's filter a listener, which Start puts into Listener:
	// calls that the filter answers with Notify wait for whoever receives from it. As
	// for notify.Listen, one program of the filter has to answer so, and no filter
	// that the launcher is under may have a listener (EBUSY). Listeners need Linux
	// 5.0. If the filter asks about execve, or about one of the calls of Privileged,
	// Start returns before that call is made, for its answer to come from the same
	// goroutine; what then fails before the program runs, Wait returns.
	Listen   bool
	Listener *notify.Listener // the caller's to close
	// HandOver is called by Start once there is a listener, and before the child's
	// program runs, to give it to whoever is to supervise the child. Process and Listener
	// are set. If there is an error nothing of the program ever runs: Start ends the
	// child, closes the listener and returns a *StartError of StageListener. The child
	// waits in a loop, for its filter may deny it every call that sleeps: what can be
	// done before Start, such as connecting, should be, and after half a minute of
	// processor time the child gives up (ETIMEDOUT). If the launcher ends meanwhile, so
	// does the child. It needs Listen, and starting takes as long as a copy of the
	// launcher's memory does.
	HandOver func(*notify.Listener) error

	// Supervise is the policy that the filter was compiled from, which Start proves.
	// With it the launcher learns which calls the policy denied or logged: Denials
	// returns them. Decisions ERRNO and LOG are then carried out by the launcher,
	// from goroutines that go on until the last descendant of the child has ended, or
	// the launcher has: descendants get ENOSYS for such calls from then on, and
	// WaitDescendants is for launchers that would end before them. All other
	// actions stay the kernel's own. The child sees the same results, but for these:
	// calls take longer; a signal with a handler can interrupt a call that the
	// launcher has not yet received, and on kernels before 5.19 any; a filter that the
	// child adds and that answers TRACE is passed over where the policy says LOG; and
	// a listener of its own is refused to it (EBUSY), which Denials says. LOG leaves no
	// audit record. The policy is not to be changed any more. Needs Linux 5.9. Errors
	// wrap ErrSupervise for a policy that asks a supervisor itself, or that is not the
	// filter's.
	Supervise *seccomp.Policy
	// Trace makes the launcher the tracer of the child and its descendants, for
	// Denials to name the calls that TRAP and KILL answered; without it only the
	// child's end by SIGSYS is known. It needs Supervise, amd64 or arm64, and a system
	// that allows tracing one's own children. Calls are not stopped at, but signals, new
	// processes and ends are, and the child cannot be traced by another. Nothing but
	// Wait may wait for the child, and nothing in the launcher for any process at
	// all, as wait4(-1) does: it would see what the tracer waits for.
	Trace bool

	Process      *os.Process      // the child, once started
	ProcessState *os.ProcessState // how it ended, after Wait

	// Err is what went wrong when the program was looked for (exec.LookPath).
	// Start returns it.
	Err error

	// Cancel is called when the context of CommandContext is done before the
	// child ends. By default it kills the child. If it is nil, the context's end does
	// nothing but begin WaitDelay.
	Cancel func() error
	// WaitDelay limits how long Wait waits for the child once the context is
	// done, and for the copying of input and output once the child has ended.
	// Zero means no limit.
	WaitDelay time.Duration

	filter      seccomp.Filter
	ctx         context.Context
	started     int32       // 1 once Start was called, as atomic
	apart       bool        // never share memory with the child, for tests
	childFiles  []io.Closer // the launcher's copies of what the child gets
	parentFiles []io.Closer // the launcher's ends of pipes
	copies      []*copying
	watch       *watch
	supervisor  *supervise.Supervisor
	late        func() error // what went wrong before exec, if Start did not wait for that
}

// Command is a child that will run the named program under the filter, with
// those arguments. The name is looked for as exec.Command does.
func Command(f seccomp.Filter, name string, arg ...string) *Cmd {
	found := exec.Command(name, arg...)
	return &Cmd{Path: found.Path, Args: found.Args, Err: found.Err, filter: f}
}

// CommandContext is Command for a child that is killed, or what Cancel does
// instead, if the context is done before it ends. It panics if the context is
// nil, as exec.CommandContext does.
func CommandContext(ctx context.Context, f seccomp.Filter, name string, arg ...string) *Cmd {
	if ctx == nil {
		panic("launch: nil context")
	}
	c := Command(f, name, arg...)
	c.ctx = ctx
	c.Cancel = func() error { return c.Process.Kill() }
	return c
}

// String is the command for people to read, without quotes.
func (c *Cmd) String() string {
	if c == nil {
		return "<nil>"
	}
	if c.Err != nil { // then Path says nothing
		return strings.Join(c.Args, " ")
	}
	return strings.Join(append([]string{c.Path}, c.argv()[1:]...), " ")
}

// Environ is the environment that the child gets: Env, or the launcher's, with
// PWD where Dir is set, and of each name the last.
func (c *Cmd) Environ() []string {
	if c == nil {
		return nil
	}
	return (&exec.Cmd{Env: c.Env, Dir: c.Dir}).Environ()
}

var errNilCmd = errors.New("seccomp: the Cmd is nil")

func (c *Cmd) argv() []string {
	if len(c.Args) == 0 {
		return []string{c.Path}
	}
	return c.Args
}

// Start starts the child and returns once it has called execve. Whatever ends
// the child before its program runs comes back as a *StartError with the stage
// and the errno or signal, a filter that kills execve itself included (if /proc
// is not there to tell, Wait returns that). Nothing is left of the child
// then. Errors wrap ErrFilter, before anything is started, for a filter that
// the kernel would refuse, and ErrNotSupported on a system that has no filters.
//
// The child goes through these steps. Everything that needs calls or privileges
// which the filter may deny comes before it, so that the filter need allow
// execve alone.
//
//  1. It is cloned, with the namespaces of Cloneflags, and joins the cgroup.
//  2. A user namespace gets its maps. Session, process group and foreground.
//  3. Signals: no handlers of the launcher, its mask. From here a signal, SIGSYS
//     among them, ends the child and cannot run the launcher's code. Trace begins.
//  4. Unshareflags, Chroot.
//  5. Groups, gid, uid and ambient capabilities, unless Privileged. The child's
//     death signal comes after, as a change of identity clears it.
//  6. Dir, with the child's own permissions; then descriptors, terminal and the
//     limit of open files.
//  7. no_new_privs, unless Privileged.
//  8. The filter's programs, in order, like Install: through prctl(2) where there is
//     no seccomp(2) and no flags. That none denies seccomp(2) to the next is checked
//     before.
//  9. With Privileged, step 5 runs here instead: installing the filter needs
//     CAP_SYS_ADMIN, which step 5 may drop.
//  10. execve.
//
// With Listen, and with Supervise where the policy denies or logs, two processes are
// made: a helper that has the child's descriptors fetches the listener, which the
// child itself may be unable to send, and ends before Start returns. It counts
// against RLIMIT_NPROC and is a child of the launcher, which has to leave
// waiting for it to Start. A thread whose children begin a new pid namespace
// (unshare(2)) cannot make both.
//
// As with os/exec, the child's limit of open files (RLIMIT_NOFILE) is the one that
// the launcher was started with, not the one to which the Go runtime has raised
// it. To learn that, the first Start of a process makes a child that is traced
// and never runs; where tracing is forbidden the limit stays raised.
func (c *Cmd) Start() (err error) {
	if c == nil {
		return errNilCmd
	}
	if atomic.SwapInt32(&c.started, 1) != 0 {
		return errors.New("seccomp: already started")
	}
	defer func() {
		closeAll(c.childFiles)
		if err != nil {
			closeAll(c.parentFiles)
		}
	}()
	switch {
	case c.Err != nil:
		return c.Err
	case c.Path == "":
		return errors.New("seccomp: no command")
	case c.Cancel != nil && c.ctx == nil:
		return errors.New("seccomp: Cancel without a context: use CommandContext")
	case c.ctx != nil && c.ctx.Err() != nil:
		return c.ctx.Err()
	}
	for i, s := range c.Env {
		if strings.Contains(s, "\x00") { // Environ leaves it out
			return fmt.Errorf("seccomp: start: Env[%d]: an environment variable contains NUL: %w", i, syscall.EINVAL)
		}
	}
	files, err := c.files()
	if err != nil {
		return err
	}
	if c.Process, err = c.start(files); err != nil {
		return err
	}
	for _, copying := range c.copies {
		go copying.run()
	}
	c.startWatch()
	return nil
}

// Run starts the child and waits for it.
func (c *Cmd) Run() error {
	if err := c.Start(); err != nil {
		return err
	}
	return c.Wait()
}
