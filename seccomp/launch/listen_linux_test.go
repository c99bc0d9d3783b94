// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/notify"
)

// serving answers all that a child's listener receives. Wait waits until nobody uses
// it, which kernels before 5.9 do not tell, and closes it.
func serving(t testing.TB, l *notify.Listener, answer func(n *notify.Notification) error) (wait func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			n, err := l.Receive(t.Context())
			if err != nil {
				if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrClosed) {
					t.Errorf("receive: %v", err)
				}
				return
			}
			if err := answer(n); err != nil && !errors.Is(err, notify.ErrGone) {
				t.Errorf("answer: %v", err)
			}
		}
	}()
	return func() {
		if rig.KernelIs(5, 9) {
			<-done
		}
		require.NoError(t, l.Close())
		<-done
	}
}

// tooOld says whether the kernel is, for Supervise, and holds that Start says so.
func tooOld(t testing.TB) bool {
	t.Helper()
	if rig.KernelIs(5, 9) {
		return false
	}
	require.ErrorIs(t, explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/true").Run(), seccomp.ErrNotSupported)
	return true
}

// noListeners is tooOld for Listen.
func noListeners(t *testing.T) bool {
	t.Helper()
	if rig.KernelIs(5, 0) {
		return false
	}
	c := Command(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, "/bin/true")
	c.Listen = true
	err := c.Run()
	require.ErrorIs(t, err, seccomp.ErrNotSupported)
	require.Nil(t, c.Listener)
	rig.RequireNoChildren(t)
	return true
}

// TestListen has children whose calls the test answers.
func TestCommandListen(t *testing.T) {
	if noListeners(t) {
		return
	}
	asks := rig.Compiled(t, rig.Only("getppid", seccomp.Notify))
	const descriptors = "ls /proc/self/fd | wc -l"
	seven := func(n *notify.Notification) error { return n.Return(7) }
	tests := map[string]struct {
		root   bool
		filter seccomp.Filter
		set    func(*Cmd)
		script string
		want   string
	}{
		"one program":          {filter: asks, want: "7\n"},
		"first of a stack":     {filter: seccomp.Filter{asks[0], rig.Always(seccomp.Allow)[0]}, want: "7\n"},
		"last of a stack":      {filter: seccomp.Filter{rig.Always(seccomp.Allow)[0], rig.Always(seccomp.Allow)[0], asks[0]}, want: "7\n"},
		"wait killable":        {filter: seccomp.Filter{asks[0], rig.Always(seccomp.Allow)[0]}, set: func(c *Cmd) { c.Flags = seccomp.LogAll | system.Supported(seccomp.WaitKillable) }, want: "7\n"},
		"privileged":           {root: true, filter: asks, set: func(c *Cmd) { c.Privileged = true }, want: "7\n"},
		"another identity":     {root: true, filter: asks, set: attr(syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}), want: "7\n"},
		"namespaces":           {root: true, filter: asks, set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID | unix.CLONE_NEWNS}), want: "7\n"},
		"user namespace":       {filter: asks, set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID, UidMappings: self(0, os.Getuid())}), want: "7\n"},
		"unshared":             {filter: asks, set: attr(syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWUSER, UidMappings: self(0, os.Getuid())}), want: "7\n"},
		"death signal":         {filter: asks, set: attr(syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}), want: "7\n"},
		"session and extra":    {filter: asks, set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true}; c.ExtraFiles = make([]*os.File, 40) }, want: "7\n"},
		"no other descriptors": {filter: asks, script: descriptors, want: output(t, "/bin/sh", "-c", descriptors)},
	}
	if arch.Native() != arch.X86 { // whose shell may be one of x86_64
		row := tests["one program"]
		row.filter = seccomp.Filter{rig.Unforeseen(rig.Number(t, "getppid"), seccomp.Notify)}
		tests["goes by addresses"] = row
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			files := rig.Count(t, "fd")
			if tt.script == "" {
				tt.script = "exec /proc/self/exe -c 'echo $PPID'" // a shell asks for it once
			}
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				c := prepare(Command(tt.filter, "/bin/sh", "-c", tt.script))
				c.Listen = true
				var out, errs bytes.Buffer
				c.Stdout, c.Stderr = &out, &errs
				if tt.set != nil {
					tt.set(c)
				}
				require.NoError(t, c.Start())
				wait := serving(t, c.Listener, seven)
				require.NoError(t, c.Wait(), "%s", errs.String())
				wait()
				require.Equal(t, tt.want, out.String())
				requireFiles(t, files)
				rig.RequireNoChildren(t)
			})
		})
	}
	rig.RequireFree(t)
}

// TestListenBeforeExec has filters that ask about what the child does before its
// program runs.
func TestListenBeforeExec(t *testing.T) {
	if noListeners(t) || !rig.KernelIs(5, 5) {
		return // what is asked about has to go on
	}
	goOn := func(n *notify.Notification) error { return n.Continue() }
	fails := func(n *notify.Notification) error { return n.Errno(syscall.EXDEV) }
	denied := &StartError{Stage: StageExec, What: "/bin/true", Err: syscall.EXDEV}
	lost := &StartError{Stage: StageExec, What: "/nowhere", Err: syscall.ENOENT}
	tests := map[string]struct {
		filter seccomp.Filter
		path   string
		answer func(n *notify.Notification) error
		start  *StartError
		wait   *StartError
	}{
		"execve, goes on":          {filter: seccomp.Filter{rig.Denying(unix.SYS_EXECVE, seccomp.Notify)}, answer: goOn},
		"execve, denied":           {filter: seccomp.Filter{rig.Denying(unix.SYS_EXECVE, seccomp.Notify)}, answer: fails, wait: denied},
		"execve, no such program":  {filter: seccomp.Filter{rig.Denying(unix.SYS_EXECVE, seccomp.Notify)}, path: "/nowhere", answer: goOn, wait: lost},
		"everything":               {filter: rig.Always(seccomp.Notify), answer: goOn},
		"everything, no program":   {filter: rig.Always(seccomp.Notify), path: "/nowhere", answer: goOn, wait: lost},
		"exit only, no program":    {filter: seccomp.Filter{rig.Denying(unix.SYS_EXIT_GROUP, seccomp.Notify)}, path: "/nowhere", start: lost},
		"exit only":                {filter: seccomp.Filter{rig.Denying(unix.SYS_EXIT_GROUP, seccomp.Notify)}, answer: goOn},
		"goes by addresses, fails": {filter: seccomp.Filter{rig.Unforeseen(unix.SYS_GETPPID, seccomp.Notify)}, path: "/nowhere", answer: goOn, wait: lost},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := rig.Count(t, "fd")
			c := Command(tt.filter, "/bin/true")
			c.Listen = true
			if tt.path != "" {
				c.Path = tt.path
			}
			err := c.Start()
			if tt.wait == lost && err != nil { // already
				tt.start = lost
			}
			if tt.start != nil {
				require.Equal(t, tt.start, err)
				require.Nil(t, c.Listener)
			} else {
				require.NoError(t, err)
				wait := serving(t, c.Listener, tt.answer)
				err = c.Wait()
				if tt.wait == nil {
					require.NoError(t, err)
				} else {
					require.Equal(t, tt.wait, err)
				}
				wait()
			}
			requireFiles(t, files)
			rig.RequireNoChildren(t)
		})
	}
}

// TestListenFails has children that never get a listener, or not to their program.
func TestListenFails(t *testing.T) {
	if noListeners(t) {
		return
	}
	asks := seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}
	tests := map[string]struct {
		root   bool
		filter seccomp.Filter
		set    func(*Cmd)
		want   StartError
	}{
		"before the filter": {set: func(c *Cmd) { c.Dir = "/nowhere" }, want: StartError{Stage: StageDir, What: "/nowhere", Err: syscall.ENOENT}},
		"at the filter":     {set: func(c *Cmd) { c.Flags = 1 << 30 }, want: StartError{Stage: StageFilter, Err: syscall.EINVAL}},
		"after it":          {set: func(c *Cmd) { c.Path = "/nowhere" }, want: StartError{Stage: StageExec, What: "/nowhere", Err: syscall.ENOENT}},
		"killed at exec": {filter: seccomp.Filter{asks[0], rig.Denying(unix.SYS_EXECVE, seccomp.KillProcess)},
			want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"killed at the next program": {filter: seccomp.Filter{rig.Unforeseen(unix.SYS_SECCOMP, seccomp.KillProcess), asks[0]},
			want: StartError{Stage: StageFilter, What: "program 2 of 2", Signal: syscall.SIGSYS}},
		"no namespace": {set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: []syscall.SysProcIDMap{{Size: 0}}}),
			want: StartError{Stage: StageNamespace, What: "uid_map", Err: syscall.EINVAL}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			files := rig.Count(t, "fd")
			if tt.filter == nil {
				tt.filter = asks
			}
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				c := prepare(Command(tt.filter, "/bin/true"))
				c.Listen = true
				if tt.set != nil {
					tt.set(c)
				}
				requireStartError(t, c.Start(), tt.want)
				require.Nil(t, c.Listener)
				requireFiles(t, files)
				rig.RequireNoChildren(t)
			})
		})
	}
}

// TestListenClosed has a supervisor that goes away.
func TestListenClosed(t *testing.T) {
	if noListeners(t) {
		return
	}
	c := Command(rig.Compiled(t, rig.Only("getppid", seccomp.Notify)), "/bin/sh", "-c", "echo $PPID; read x; exec /proc/self/exe -c 'echo $PPID'")
	c.Listen = true
	in, err := c.StdinPipe()
	require.NoError(t, err)
	var out bytes.Buffer
	c.Stdout = &out
	require.NoError(t, c.Start())
	n, err := c.Listener.Receive(t.Context())
	require.NoError(t, err)
	require.NoError(t, n.Return(7))
	require.NoError(t, c.Listener.Close())
	in.Close()
	require.NoError(t, c.Wait())
	require.Equal(t, fmt.Sprintf("7\n%d\n", -int(syscall.ENOSYS)), out.String())
}

// TestListenEnd has a child that has ended and is not waited for: kernels before 6.11
// count it as a user of the filter, some distributors' aside, and those before 5.9
// never tell.
func TestListenEnd(t *testing.T) {
	if noListeners(t) {
		return
	}
	c := Command(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, "/bin/true")
	c.Listen = true
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	defer c.Listener.Close()
	_, err = io.ReadAll(out) // until the child has closed it
	require.NoError(t, err)
	end := func() error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := c.Listener.Receive(ctx)
		return err
	}
	told := io.EOF
	if !rig.KernelIs(5, 9) {
		told = context.DeadlineExceeded
	}
	if err := end(); rig.KernelIs(6, 11) || !errors.Is(err, context.DeadlineExceeded) {
		require.ErrorIs(t, err, told)
	}
	require.NoError(t, c.Wait())
	require.ErrorIs(t, end(), told)
}

func TestListenBusy(t *testing.T) {
	if noListeners(t) {
		return
	}
	for name := range superviseScenes {
		t.Run(name, func(t *testing.T) { kerneltest.Job{Scene: name, Nobody: true}.Run(t) })
	}
}
