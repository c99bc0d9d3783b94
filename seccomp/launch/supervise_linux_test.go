// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// same runs a script under the policy with and without Supervise, and wants the same
// output and status. It returns the denials.
func sameWith(t *testing.T, p *seccomp.Policy, set func(*Cmd), name string, arg ...string) []Denial {
	t.Helper()
	files := rig.Count(t, "fd")
	run := func(c *Cmd) (string, string) {
		if set != nil {
			set(c)
		}
		out, err := c.CombinedOutput()
		return string(out), fmt.Sprint(err)
	}
	plain, plainErr := run(Command(rig.Compiled(t, p), name, arg...))
	c := explained(t, p, name, arg...)
	got, gotErr := run(c)
	require.Equal(t, plain, got)
	require.Equal(t, plainErr, gotErr)
	if c.supervisor.Listener != nil {
		require.NoError(t, c.supervisor.Wait(t.Context()))
	}
	requireFiles(t, files)
	rig.RequireNoChildren(t)
	return c.Denials()
}

// explained is a child under a policy, with Supervise.
func explained(t testing.TB, p *seccomp.Policy, name string, arg ...string) *Cmd {
	c := Command(rig.Compiled(t, p), name, arg...)
	c.Supervise = p
	return c
}

// allBut is the names of all calls but one.
func allBut(but string) (names []string) {
	for _, a := range rig.Only(but, seccomp.Allow).Arches {
		for nr := range uint32(1000) {
			if name, ok := a.Name(a.Base() + nr); ok && name != but {
				names = append(names, name)
			}
		}
	}
	return names
}

// TestCommandSupervise has programs that do what a policy denies.
func TestCommandSupervise(t *testing.T) {
	if tooOld(t) {
		return
	}
	native := func(def seccomp.Action, rules ...seccomp.Rule) *seccomp.Policy {
		return &seccomp.Policy{Arches: rig.Only("read", seccomp.Allow).Arches, Default: def, BadArch: seccomp.KillProcess, Rules: rules}
	}
	rule := func(a seccomp.Action, names ...string) seccomp.Rule { return seccomp.Rule{Syscalls: names, Action: a} }
	tests := map[string]struct {
		root   bool
		policy *seccomp.Policy
		set    func(*Cmd)
		path   string
		script string
		want   []string
	}{
		"nothing":     {policy: native(seccomp.Allow, rule(seccomp.Errno(1), "reboot")), script: "true"},
		"errno":       {policy: native(seccomp.Allow, rule(seccomp.Errno(7), "getppid")), script: "echo $PPID", want: []string{"getppid ERRNO(7) by 1/0 x1"}},
		"errno 0":     {policy: native(seccomp.Allow, rule(seccomp.Errno(0), "getppid")), script: "echo $PPID", want: []string{"getppid ERRNO(0) by 1/0 x1"}},
		"errno 4095":  {policy: native(seccomp.Allow, rule(seccomp.Errno(4095), "getppid")), script: "echo $PPID", want: []string{"getppid ERRNO(4095) by 1/0 x1"}},
		"log":         {policy: native(seccomp.Allow, rule(seccomp.Log, "chdir")), script: "cd /; cd /; pwd", want: []string{"chdir LOG by 1/0 x2"}},
		"descendants": {policy: native(seccomp.Allow, rule(seccomp.Errno(7), "getppid")), script: "sh -c 'sh -c true; true' & sh -c true; wait", want: []string{"getppid ERRNO(7) by 1/0 x4"}},
		"second rule": {policy: native(seccomp.Allow, rule(seccomp.Allow, "read"), rule(seccomp.Errno(1), "getppid", "read")), script: "echo $PPID", want: []string{"getppid ERRNO(1) by 1/1 x1"}},
		"default": {policy: native(seccomp.Errno(22), rule(seccomp.Allow, allBut("getppid")...)),
			script: "echo $PPID", want: []string{"getppid ERRNO(22) by 2/-1 x1"}},
		"killed":            {policy: native(seccomp.Allow, rule(seccomp.KillProcess, "getppid"), rule(seccomp.Errno(1), "chdir")), script: "echo $PPID", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"trapped":           {policy: native(seccomp.Allow, rule(seccomp.Trap(3), "getppid")), script: "echo $PPID", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"killed and denied": {policy: native(seccomp.Allow, rule(seccomp.KillProcess, "getppid"), rule(seccomp.Errno(1), "chdir")), script: "exec 2>&-; sh -c 'cd /'; echo $PPID", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"execve denied":     {policy: native(seccomp.Allow, rule(seccomp.Errno(7), "execve")), script: "true", want: []string{"execve ERRNO(7) by 1/0 x1"}},
		"execve kills":      {policy: native(seccomp.Allow, rule(seccomp.KillProcess, "execve")), script: "true", want: []string{"execve KILL_PROCESS by 1/0 x1 bad system call"}},
		"execve and exit":   {policy: native(seccomp.Allow, rule(seccomp.Errno(7), "execve", "exit", "exit_group")), script: "true", want: []string{"execve ERRNO(7) by 1/0 x1"}},
		"everything":        {policy: native(seccomp.Errno(13)), script: "true", want: []string{"execve ERRNO(13) by 2/-1 x1"}},
		"everything kills":  {policy: native(seccomp.KillProcess), script: "true", want: []string{"execve KILL_PROCESS by 2/-1 x1 bad system call"}},
		"everything logs": {policy: native(seccomp.Allow, rule(seccomp.Log, "execve", "exit_group", "write", "openat", "mmap")), script: "echo ok",
			want: nil},
		"write":         {policy: native(seccomp.Allow, rule(seccomp.Errno(28), "write")), script: "echo lost", want: nil},
		"exit_group":    {policy: native(seccomp.Allow, rule(seccomp.Errno(1), "exit_group")), script: "true", want: nil},
		"no such":       {policy: native(seccomp.Allow, rule(seccomp.Errno(7), "getppid")), path: "/nowhere", script: "true"},
		"user":          {root: true, policy: native(seccomp.Allow, rule(seccomp.Errno(7), "getppid")), set: attr(syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}), script: "echo $PPID", want: []string{"getppid ERRNO(7) by 1/0 x1"}},
		"pid namespace": {policy: native(seccomp.Allow, rule(seccomp.Errno(7), "getppid")), set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID, UidMappings: self(0, os.Getuid())}), script: "echo $PPID", want: []string{"getppid ERRNO(7) by 1/0 x1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				got := sameWith(t, tt.policy, func(c *Cmd) {
					prepare(c)
					if tt.path != "" {
						c.Path = tt.path
					}
					if tt.set != nil {
						tt.set(c)
					}
				}, "/bin/sh", "-c", tt.script)
				if tt.want != nil || name == "nothing" || name == "no such" {
					require.Equal(t, tt.want, short(got))
				} else {
					require.NotEmpty(t, got)
				}
			})
		})
	}
}

// supervisedScene tells a scene that it runs in a child with Supervise.
const supervisedScene = "SIEVE_TEST_SUPERVISED"

var superviseScenes = map[string]func() error{
	// The shell has one child at a time: a SIGCHLD that comes while clone(2) waits for the
	// supervisor makes it fail with EINTR, as the shell's handler has no SA_RESTART.
	"asks about everything": func() error {
		c := Command(rig.Always(seccomp.Notify), "/bin/sh", "-c", "/bin/echo hello; exit 3")
		c.Listen = true
		var out bytes.Buffer
		c.Stdout = &out
		if err := c.Start(); err != nil {
			return err
		}
		defer c.Listener.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- c.Wait() }() // without which older kernels count the child as a user
		seen := map[string]bool{}
		for {
			n, err := c.Listener.Receive(ctx)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return err
			}
			abi, _ := arch.Of(n.Call.Audit, n.Call.Nr)
			name, _ := abi.Name(n.Call.Nr)
			seen[name] = true
			if err := n.Continue(); err != nil && !errors.Is(err, notify.ErrGone) {
				return err
			}
		}
		<-ended
		for _, name := range []string{"execve", "exit_group", "write", "munmap", "wait4"} {
			if !seen[name] {
				return fmt.Errorf("%s was not asked about", name)
			}
		}
		return errors.Join(rig.Equal("output", out.String(), "hello\n"), rig.Equal("status", c.ProcessState.ExitCode(), 3))
	},
	"one listener, or none beside another": func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		if err := rig.Always(seccomp.Allow).Install(0); err != nil { // filters without a listener are its own affair
			return err
		}
		_, err := notify.Listen(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, 0)
		if os.Getenv(supervisedScene) == "" {
			return err
		}
		return rig.Want(err, errors.Is(err, syscall.EBUSY))
	},
	"a launcher that is supervised": func() error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		fd, err := notify.Listen(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, 0)
		if err != nil {
			return err
		}
		defer syscall.Close(int(fd))
		c := Command(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, "/bin/true")
		c.Listen = true
		err = c.Run()
		return rig.Want(err, errors.Is(err, syscall.EBUSY) && strings.Contains(err.Error(), "an older filter of the launcher has a listener"))
	},
}

// TestSuperviseLivesOn has descendants that the child leaves behind.
func TestSuperviseLivesOn(t *testing.T) {
	if tooOld(t) {
		return
	}
	files := rig.Count(t, "fd")
	c := explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/sh", "-c", "(read x; sh -c 'echo $PPID') <&3 & exit 0")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	out, o, err := os.Pipe()
	require.NoError(t, err)
	c.ExtraFiles, c.Stdout = []*os.File{r}, o
	require.NoError(t, c.Run())
	r.Close()
	o.Close()
	before := c.Denials()
	require.Equal(t, []string{"getppid ERRNO(7) by 1/0 x1"}, short(before))
	w.Close()
	text, err := io.ReadAll(out)
	require.NoError(t, err)
	require.Equal(t, "-7\n", string(text))
	out.Close()
	require.NoError(t, c.supervisor.Wait(t.Context()))
	require.Equal(t, []string{"getppid ERRNO(7) by 1/0 x2"}, short(c.Denials()))
	require.Equal(t, 1, before[0].Count, "a copy")
	requireFiles(t, files)
}

// TestSuperviseClosed has a supervisor that ends midway: nobody waits for it for ever.
func TestSuperviseClosed(t *testing.T) {
	if tooOld(t) {
		return
	}
	c := explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/sh", "-c", "read x; exec /proc/self/exe -c 'echo $PPID'")
	in, err := c.StdinPipe()
	require.NoError(t, err)
	var out bytes.Buffer
	c.Stdout = &out
	require.NoError(t, c.Start())
	require.NoError(t, c.supervisor.Listener.Close())
	require.ErrorIs(t, c.supervisor.Wait(t.Context()), os.ErrClosed)
	in.Close()
	require.ErrorIs(t, c.Wait(), os.ErrClosed, "Wait tells that denials are missing")
	require.Equal(t, fmt.Sprintf("%d\n", -int(syscall.ENOSYS)), out.String())
}

// TestForkBomb has a child that makes as many processes as it may, each of which
// makes calls that are denied, and is then killed with all of them.
func TestForkBomb(t *testing.T) {
	if tooOld(t) {
		return
	}
	kerneltest.Need(t, kerneltest.Namespaces)
	c := explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/sh", "-c", "ulimit -u 200; f() { sh -c true; f & f & }; f; while :; do sh -c true; done")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWPID,
		UidMappings: self(54321, os.Getuid()), GidMappings: self(54321, os.Getgid()),
	}
	if rig.Privileged() {
		c.SysProcAttr.UidMappings, c.SysProcAttr.GidMappings = self(54321, 54321), self(54321, 54321)
		c.SysProcAttr.Credential = &syscall.Credential{Uid: 54321, Gid: 54321, NoSetGroups: true}
	}
	files := rig.Count(t, "fd")
	require.NoError(t, c.Start())
	made := func() (n int) {
		for _, d := range c.Denials() {
			n += d.Count
		}
		return n
	}
	for end := time.Now().Add(20 * time.Second); made() < 300 && time.Now().Before(end); {
		time.Sleep(10 * time.Millisecond)
	}
	require.Equal(t, "lives", strings.TrimSpace(output(t, "/bin/echo", "lives")))
	require.NoError(t, c.Process.Kill()) // the namespace goes with its first process
	require.Error(t, c.Wait())
	require.NoError(t, c.supervisor.Wait(t.Context()))
	list := c.Denials()
	require.Len(t, list, 1)
	t.Logf("%d calls denied", list[0].Count)
	require.GreaterOrEqual(t, list[0].Count, 300)
	requireFiles(t, files)
	rig.RequireNoChildren(t)
}

func output(t *testing.T, name string, arg ...string) string {
	out, err := exec.Command(name, arg...).Output()
	require.NoError(t, err)
	return string(out)
}
