// SPDX-License-Identifier: Apache-2.0

package marathon

import (
	"errors"
	"io"
	"os/exec"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
)

// process is a container that was started. Its process leads a process group of the same
// number, so that a signal reaches the children that it has left behind too.
type process struct {
	container, profile string
	confined           bool
	pid                int
	wait               func() error
	denied             func() string // nil where it cannot be known
	watcher            *Watcher      // nil for none

	// mu orders signals and the end: after the process has been reaped, its number may
	// name another process group, which must not be signalled.
	mu   sync.Mutex
	gone bool // its number may be another's
}

// own gives a container a process group of its own (Setpgid), which Ctrl-C on the
// terminal does not reach, and SIGKILL when the thread that started it ends (Pdeathsig).
func own() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// unconfined starts a command without a filter.
func (p *process) unconfined(command, env []string, out io.Writer) error {
	c := exec.Command(command[0], command[1:]...)
	c.Env, c.Stdout, c.Stderr, c.SysProcAttr, c.WaitDelay = env, out, out, own(), outputDelay
	if err := c.Start(); err != nil {
		return err
	}
	p.pid, p.wait = c.Process.Pid, c.Wait
	p.watcher.watch(p.pid)
	return nil
}

// under starts a command under a policy's filter. Where the kernel can, the command is
// supervised, so that the calls that its filter denied are known afterwards. Kernels
// without listeners, and filters that cannot be explained (launch.ErrSupervise), get the
// filter alone: a lack of explanations must not keep a task from running.
func (p *process) under(policy *seccomp.Policy, flags seccomp.Flags, command, env []string, out io.Writer) error {
	filter, err := policy.Compile()
	if err != nil {
		return err
	}
	start := func(explain *seccomp.Policy) (*launch.Cmd, error) {
		c := launch.Command(filter, command[0], command[1:]...)
		c.Env, c.Stdout, c.Stderr, c.SysProcAttr, c.WaitDelay, c.Flags = env, out, out, own(), outputDelay, flags
		c.Supervise = explain
		return c, c.Start()
	}
	c, err := start(policy)
	if errors.Is(err, launch.ErrSupervise) || errors.Is(err, seccomp.ErrNotSupported) {
		c, err = start(nil)
	}
	if err != nil {
		return err
	}
	p.pid, p.wait = c.Process.Pid, c.Wait
	p.watcher.watch(p.pid)
	if c.Supervise != nil {
		p.denied = func() string { return deniedText(policy, c.Denials()) }
	}
	return nil
}

// Wait waits for the process that was started, and then kills what is left of its group,
// as an agent destroys the container. It waits in two steps. WNOWAIT leaves the process a
// zombie, so that its number still belongs to the group when the group is killed; p.wait
// then reaps it.
func (p *process) Wait() Exit {
	for { // until it has ended, but keeps its number
		err := unix.Waitid(unix.P_PID, p.pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	p.Kill()
	p.mu.Lock()
	p.gone = true
	p.watcher.forget(p.pid)
	p.mu.Unlock()
	return p.exit(p.wait())
}

// exit describes how the process has ended. It is called after p.wait, when the list of
// denied calls is complete. An error that is no ExitError, as one about the output, is no
// failure of the task: its status stays 0.
func (p *process) exit(err error) Exit {
	e := Exit{Container: p.container, Confined: p.confined}
	if p.denied != nil {
		e.Explained, e.Denied = true, p.denied()
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return e
	}
	e.Status = exit.ExitCode()
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		e.Signal = unix.SignalName(status.Signal())
	}
	return e
}

func (p *process) Stop() { p.signal(unix.SIGTERM) }
func (p *process) Kill() { p.signal(unix.SIGKILL) }

// signal signals the whole process group. ESRCH is no error: the group may just have
// ended.
func (p *process) signal(s unix.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.gone {
		unix.Kill(-p.pid, s) // there is nobody to tell
	}
}
