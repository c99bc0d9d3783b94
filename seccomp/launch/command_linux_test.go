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
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// eachWay runs a test for children that share the launcher's memory, and for
// those that get a copy of it.
func eachWay(t *testing.T, test func(t *testing.T, prepare func(*Cmd) *Cmd)) {
	for name, apart := range map[string]bool{"sharing": false, "copying": true} {
		t.Run(name, func(t *testing.T) {
			test(t, func(c *Cmd) *Cmd {
				c.apart = apart
				return c
			})
		})
	}
}

// TestCommand runs scripts that say how they find things.
func TestCommand(t *testing.T) {
	allow := rig.Always(seccomp.Allow)
	dir := t.TempDir()
	extra, err := os.Create(filepath.Join(dir, "extra"))
	require.NoError(t, err)
	defer extra.Close()
	tests := map[string]struct {
		root   bool
		filter seccomp.Filter
		script string
		set    func(*Cmd)
		want   string
	}{
		"filter and no_new_privs": {
			script: "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\n\\t'", want: "NoNewPrivs:1Seccomp:2"},
		"privileged": {root: true, set: func(c *Cmd) { c.Privileged = true },
			script: "grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\n\\t'", want: "NoNewPrivs:0Seccomp:2"},
		"stack": {filter: seccomp.Filter{rig.Compiled(t, rig.Only("getppid", seccomp.Errno(7)))[0], allow[0], rig.Compiled(t, rig.Only("chdir", seccomp.Errno(1)))[0]},
			script: "echo $PPID; cd / 2>/dev/null || echo no", want: "-7\nno\n"},
		"input":       {script: "cat", set: func(c *Cmd) { c.Stdin = strings.NewReader("hello") }, want: "hello"},
		"no input":    {script: "cat", want: ""},
		"directory":   {script: "pwd; echo $PWD", set: func(c *Cmd) { c.Dir = "/" }, want: "/\n/\n"},
		"environment": {script: "echo $A$B", set: func(c *Cmd) { c.Env = []string{"A=1", "B=2", "A=3"} }, want: "32\n"},
		"arguments":   {script: "echo $0 $#", set: func(c *Cmd) { c.Args = append(c.Args, "x", "y z") }, want: "x 1\n"},
		"extra files": {script: "readlink /proc/self/fd/3; test -e /proc/self/fd/4 || echo none; readlink /proc/self/fd/5",
			set:  func(c *Cmd) { c.ExtraFiles = []*os.File{extra, nil, extra} },
			want: filepath.Join(dir, "extra") + "\nnone\n" + filepath.Join(dir, "extra") + "\n"},
		"session": {script: "echo $(($(cut -d' ' -f6 /proc/$$/stat) - $$))",
			set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }, want: "0\n"},
		"process group": {script: "echo $(($(cut -d' ' -f5 /proc/$$/stat) - $$))",
			set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }, want: "0\n"},
		"credential": {root: true, script: "id -u; id -g; id -G",
			set: func(c *Cmd) {
				c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 2, Groups: []uint32{3, 4}}}
			}, want: "1\n2\n2 3 4\n"},
		"credential, privileged": {root: true, script: "id -u; grep NoNewPrivs /proc/self/status",
			set: func(c *Cmd) {
				c.Privileged = true
				c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 2}}
			}, want: "1\nNoNewPrivs:\t0\n"},
		"ambient capability": {root: true, script: "grep CapAmb /proc/self/status",
			set: func(c *Cmd) {
				c.SysProcAttr = &syscall.SysProcAttr{AmbientCaps: []uintptr{unix.CAP_NET_RAW, unix.CAP_SYSLOG},
					Credential: &syscall.Credential{Uid: 1, Gid: 1}}
			}, want: "CapAmb:\t0000000400002000\n"},
		"death signal": {script: "true", set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		}},
		"namespaces": {root: true, script: "echo $$; hostname sieve; hostname",
			set: func(c *Cmd) {
				c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWPID, Unshareflags: unix.CLONE_NEWUTS | unix.CLONE_NEWNS}
			}, want: "1\nsieve\n"},
		"user namespace": {script: "id -u; id -g", set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: self(5, os.Getuid()), GidMappings: self(6, os.Getgid())}
		}, want: "5\n6\n"},
		"user namespace, unshared": {script: "id -u; id -g", set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Unshareflags: unix.CLONE_NEWUSER, UidMappings: self(0, os.Getuid()), GidMappings: self(0, os.Getgid())}
		}, want: "0\n0\n"},
		"denied call": {filter: rig.Compiled(t, rig.Only("getppid", seccomp.Errno(1))), script: "echo lives", want: "lives\n"},
	}
	if rig.KernelIs(5, 9) { // which tells how many there are
		row := tests["stack"]
		row.script, row.want = "grep Seccomp_filters /proc/self/status | tr -d '\\t'", fmt.Sprintf("Seccomp_filters:%d\n", rig.OutsideFilters()+3)
		tests["stack, counted"] = row
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				filter := tt.filter
				if filter == nil {
					filter = allow
				}
				c := prepare(Command(filter, "/bin/sh", "-c", tt.script))
				if tt.set != nil {
					tt.set(c)
				}
				out, err := c.CombinedOutput()
				require.NoError(t, err, "%s", out)
				require.Equal(t, tt.want, string(out))
			})
		})
	}
	rig.RequireFree(t)
}

func self(inside, outside int) []syscall.SysProcIDMap {
	return []syscall.SysProcIDMap{{ContainerID: inside, HostID: outside, Size: 1}}
}

// TestStartError has children that never come to their program.
func TestStartError(t *testing.T) {
	const execve, seccompCall = unix.SYS_EXECVE, unix.SYS_SECCOMP
	tests := map[string]struct {
		root   bool
		filter seccomp.Filter
		name   string
		set    func(*Cmd)
		want   StartError
	}{
		"no such program":   {name: "/nowhere/at/all", want: StartError{Stage: StageExec, What: "/nowhere/at/all", Err: syscall.ENOENT}},
		"not a program":     {name: "/etc/passwd", want: StartError{Stage: StageExec, What: "/etc/passwd", Err: syscall.EACCES}},
		"no such directory": {set: func(c *Cmd) { c.Dir = "/nowhere" }, want: StartError{Stage: StageDir, What: "/nowhere", Err: syscall.ENOENT}},
		"no such root": {root: true, set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Chroot: "/nowhere"} },
			want: StartError{Stage: StageRoot, What: "/nowhere", Err: syscall.ENOENT}},
		"no such id": {root: true, set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: ^uint32(0), NoSetGroups: true}}
		}, want: StartError{Stage: StageCredential, What: "uid 4294967295", Err: syscall.EINVAL}},
		"no such group of processes": {set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: 1} },
			want: StartError{Stage: StageSession, What: "setpgid 1", Err: syscall.EPERM}},
		"no terminal": {set: func(c *Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true} },
			want: StartError{Stage: StageSession, What: "terminal 0", Err: syscall.ENOTTY}},
		"flag that no kernel has": {set: func(c *Cmd) { c.Flags = 1 << 30 },
			want: StartError{Stage: StageFilter, Err: syscall.EINVAL}},
		"map of another's id": {set: func(c *Cmd) {
			c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: []syscall.SysProcIDMap{{Size: 0}}}
		}, want: StartError{Stage: StageNamespace, What: "uid_map", Err: syscall.EINVAL}},
		"execve denied":           {filter: seccomp.Filter{rig.Denying(execve, seccomp.Errno(7))}, want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.Errno(7)}},
		"execve denied with 4095": {filter: seccomp.Filter{rig.Denying(execve, seccomp.Errno(4095))}, want: StartError{Stage: StageExec, What: "/bin/true"}},
		"execve kills":            {filter: seccomp.Filter{rig.Denying(execve, seccomp.KillProcess)}, want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"execve kills thread":     {filter: seccomp.Filter{rig.Denying(execve, seccomp.KillThread)}, want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"execve traps":            {filter: seccomp.Filter{rig.Denying(execve, seccomp.Trap(1))}, want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"execve is traced":        {filter: seccomp.Filter{rig.Denying(execve, seccomp.Trace(1))}, want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.ENOSYS}},
		"execve is supervised":    {filter: seccomp.Filter{rig.Denying(execve, seccomp.Notify)}, want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.ENOSYS}},
		"everything is denied":    {filter: rig.Always(seccomp.Errno(13)), want: StartError{Stage: StageExec, What: "/bin/true", Err: syscall.Errno(13)}},
		"everything kills":        {filter: rig.Always(seccomp.KillProcess), want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"everything kills thread": {filter: rig.Always(seccomp.KillThread), want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"everything traps":        {filter: rig.Always(seccomp.Trap(1)), want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"next program denied": {filter: seccomp.Filter{rig.Unforeseen(seccompCall, seccomp.Errno(9)), rig.Always(seccomp.Allow)[0]},
			want: StartError{Stage: StageFilter, What: "program 2 of 2", Err: syscall.Errno(9)}},
		"next program kills": {filter: seccomp.Filter{rig.Unforeseen(seccompCall, seccomp.KillProcess), rig.Always(seccomp.Allow)[0]},
			want: StartError{Stage: StageFilter, What: "program 2 of 2", Signal: syscall.SIGSYS}},
		"privileged, identity denied": {root: true, filter: seccomp.Filter{rig.Denying(sysSetgid, seccomp.Errno(9))}, set: func(c *Cmd) {
			c.Privileged = true
			c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}
		}, want: StartError{Stage: StageCredential, What: "gid 1", Err: syscall.Errno(9)}},
	}
	if !rig.KernelIs(5, 0) { // an action that it does not know kills
		row := tests["execve is supervised"]
		row.want = tests["execve kills"].want
		tests["execve is supervised"] = row
	}
	if os.Getuid() != 0 && kerneltest.Unfiltered() == nil {
		tests["privileged without privilege"] = tests["no such program"]
		row := tests["privileged without privilege"]
		row.set, row.want = func(c *Cmd) { c.Privileged = true }, StartError{Stage: StageFilter, Err: syscall.EACCES}
		tests["privileged without privilege"] = row
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				filter, program := tt.filter, tt.name
				if filter == nil {
					filter = rig.Always(seccomp.Allow)
				}
				if program == "" {
					program = "/bin/true"
				}
				c := prepare(Command(filter, program))
				c.Err = nil // of looking for it
				c.Path = program
				if tt.set != nil {
					tt.set(c)
				}
				err := c.Start()
				var got *StartError
				require.ErrorAs(t, err, &got)
				require.Equal(t, tt.want.Stage, got.Stage, "%v", err)
				require.Equal(t, tt.want.What, got.What, "%v", err)
				require.Equal(t, tt.want.Signal, got.Signal, "%v", err)
				if tt.want.Err != nil {
					require.ErrorIs(t, err, tt.want.Err)
				}
				require.Nil(t, c.Process)
				rig.RequireNoChildren(t)
			})
		})
	}
	rig.RequireFree(t)
}

// TestStartRefuses has what is refused before there is a child.
func TestStartRefuses(t *testing.T) {
	tests := map[string]struct {
		filter seccomp.Filter
		set    func(*Cmd)
		says   string
	}{
		"no filter":             {filter: seccomp.Filter{}, says: "no programs"},
		"invalid program":       {filter: seccomp.Filter{{{Op: 0x01}}}, says: "program 1 of 1: instruction 0"},
		"stack denies its next": {filter: seccomp.Filter{rig.Always(seccomp.Errno(13))[0], rig.Always(seccomp.Allow)[0]}, says: "program 2 of 2: those before it"},
		"stack asks about next": {filter: seccomp.Filter{rig.Denying(unix.SYS_SECCOMP, seccomp.Notify), rig.Always(seccomp.Allow)[0]}, says: "program 2 of 2: those before it"},
		"listener":              {set: func(c *Cmd) { c.Flags = seccomp.NewListener }, says: "no listener"},
		"ptrace":                {set: attr(syscall.SysProcAttr{Ptrace: true}), says: "Ptrace"},
		"clone flags":           {set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_FILES}), says: "Cloneflags: 0x400"},
		"time namespace":        {set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWTIME}), says: "Cloneflags: 0x80"},
		"maps":                  {set: attr(syscall.SysProcAttr{UidMappings: self(0, 0)}), says: "without CLONE_NEWUSER"},
		"two terminals":         {set: attr(syscall.SysProcAttr{Setctty: true, Foreground: true}), says: "both Setctty and Foreground"},
		"terminal":              {set: attr(syscall.SysProcAttr{Setctty: true, Ctty: 3}), says: "Ctty: 3"},
		"capability":            {set: attr(syscall.SysProcAttr{AmbientCaps: []uintptr{64}}), says: "AmbientCaps: 64"},
		"NUL in argument":       {set: func(c *Cmd) { c.Args = []string{"a\x00"} }, says: "Args"},
		"NUL in dir":            {set: func(c *Cmd) { c.Dir = "a\x00" }, says: `"a\x00"`},
		"cancel":                {set: func(c *Cmd) { c.Cancel = func() error { return nil } }, says: "CommandContext"},
		"closed file":           {set: func(c *Cmd) { f, _ := os.Open("/"); f.Close(); c.ExtraFiles = []*os.File{f} }, says: "closed"},
		"not found":             {set: func(c *Cmd) { *c = *Command(rig.Always(seccomp.Allow), "no-such-program-anywhere") }, says: "not found"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if tt.filter == nil {
				tt.filter = rig.Always(seccomp.Allow)
			}
			c := Command(tt.filter, "/bin/true")
			if tt.set != nil {
				tt.set(c)
			}
			files := rig.Count(t, "fd")
			_, err := c.StdinPipe()
			require.NoError(t, err)
			_, err = c.StdoutPipe()
			require.NoError(t, err)
			require.ErrorContains(t, c.Start(), tt.says)
			require.ErrorContains(t, c.Wait(), "not started")
			requireFiles(t, files)
		})
	}
}

func attr(a syscall.SysProcAttr) func(*Cmd) { return func(c *Cmd) { c.SysProcAttr = &a } }

// TestKillEverything has many threads launch children that cannot make a single
// call.
func TestKillEverything(t *testing.T) {
	for _, action := range []seccomp.Action{seccomp.KillProcess, seccomp.KillThread, seccomp.Trap(0)} {
		eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					for range 5 {
						err := prepare(Command(rig.Always(action), "/bin/true")).Run()
						var e *StartError
						ok := errors.As(err, &e)
						if !ok || e.Stage != StageExec || e.Signal != syscall.SIGSYS {
							t.Errorf("%v: %v", action, err)
						}
					}
				})
			}
			all.Wait()
		})
	}
	rig.RequireFree(t)
	rig.RequireNoChildren(t)
}

// TestKilledLater has a program that is killed at a call of its own.
func TestKilledLater(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		err := prepare(Command(rig.Compiled(t, rig.Only("kill", seccomp.KillProcess)), "/bin/sh", "-c", "kill -0 $$; exit 3")).Run()
		var e *exec.ExitError
		ok := errors.As(err, &e)
		require.True(t, ok, "%v", err)
		status := e.Sys().(syscall.WaitStatus)
		require.Equal(t, syscall.SIGSYS, status.Signal())
	})
}

// TestConcurrent starts many children at once, and then has nothing left of them.
func TestConcurrent(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		filter := rig.Compiled(t, rig.Only("getppid", seccomp.Errno(1)))
		start := func() {
			var all sync.WaitGroup
			for i := range 100 {
				all.Go(func() {
					out, err := prepare(Command(filter, "/bin/echo", fmt.Sprint(i))).Output()
					if err != nil || string(out) != fmt.Sprintln(i) {
						t.Errorf("%d: %q, %v", i, out, err)
					}
				})
			}
			all.Wait()
		}
		start()
		files, threads := rig.Count(t, "fd"), rig.Count(t, "task")
		start()
		start()
		requireFiles(t, files)
		// The runtime keeps threads that were busy; children must not add to that.
		require.LessOrEqual(t, rig.Count(t, "task"), threads+20)
		rig.RequireNoChildren(t)
	})
}

// TestNoLeak counts descriptors and threads before and after starts, of which
// every other fails.
func TestNoLeak(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		once := func() {
			require.NoError(t, prepare(Command(rig.Always(seccomp.Allow), "/bin/true")).Run())
			c := prepare(Command(rig.Always(seccomp.Allow), "/bin/true"))
			c.Stdin, c.Stdout, c.Stderr, c.Dir = strings.NewReader("x"), io.Discard, io.Discard, "/nowhere"
			require.Error(t, c.Run())
		}
		once()
		files, threads := rig.Count(t, "fd"), rig.Count(t, "task")
		for range 100 {
			once()
		}
		requireFiles(t, files)
		require.LessOrEqual(t, rig.Count(t, "task"), threads+4)
		rig.RequireNoChildren(t)
	})
}

// requireFiles waits for what is ending to have closed its descriptors, and fails if
// more are left than before.
func requireFiles(t testing.TB, before int) {
	t.Helper()
	now := rig.Count(t, "fd")
	for range 3000 { // half a minute
		if now <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
		now = rig.Count(t, "fd")
	}
	require.LessOrEqual(t, now, before, "descriptors")
}

// TestSignals has a launcher that handles and ignores signals: its child finds
// default handlers, and what is ignored stays so, as with os/exec.
func TestSignals(t *testing.T) {
	handled := make(chan os.Signal, 1)
	signal.Notify(handled, syscall.SIGUSR1)
	signal.Ignore(syscall.SIGUSR2)
	defer signal.Reset(syscall.SIGUSR1, syscall.SIGUSR2)
	script := "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status"
	want, err := exec.Command("/bin/sh", "-c", script).Output()
	require.NoError(t, err)
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		got, err := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", script)).Output()
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	})
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGUSR1))
	<-handled // still ours
}

// TestDumpable has a child with another identity, which must not change what the
// launcher is.
func TestDumpable(t *testing.T) {
	if !rig.Privileged() {
		t.Log("without privileges there are no other identities")
		return
	}
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	require.NoError(t, err)
	p := rig.Only("getppid", seccomp.Errno(7))
	for _, explain := range []*seccomp.Policy{nil, p} {
		if explain != nil && tooOld(t) {
			continue
		}
		c := Command(rig.Compiled(t, p), "/bin/true")
		c.Supervise = explain
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}
		require.NoError(t, c.Run())
		after, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
}

func TestPipes(t *testing.T) {
	c := Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "read x; echo out $x; echo err >&2")
	in, err := c.StdinPipe()
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	errs, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	_, err = io.WriteString(in, "word\n")
	require.NoError(t, err)
	require.NoError(t, in.Close())
	require.NoError(t, in.Close())
	b, err := io.ReadAll(out)
	require.NoError(t, err)
	require.Equal(t, "out word\n", string(b))
	b, err = io.ReadAll(errs)
	require.NoError(t, err)
	require.Equal(t, "err\n", string(b))
	require.NoError(t, c.Wait())
	require.ErrorContains(t, c.Wait(), "already called")
	require.ErrorContains(t, c.Start(), "already started")
}

func TestOutputs(t *testing.T) {
	c := Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "echo out; echo err >&2; exit 3")
	out, err := c.Output()
	var e *exec.ExitError
	require.ErrorAs(t, err, &e)
	require.Equal(t, 3, e.ExitCode())
	require.Equal(t, "out\n", string(out))
	require.Equal(t, "err\n", string(e.Stderr))
	// One writer for both is written to by one goroutine only.
	var both bytes.Buffer
	c = Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "echo out; echo err >&2")
	c.Stdout, c.Stderr = &both, &both
	require.NoError(t, c.Run())
	require.Equal(t, "out\nerr\n", both.String())
	// A child that does not read is no error.
	c = Command(rig.Always(seccomp.Allow), "/bin/true")
	c.Stdin = bytes.NewReader(make([]byte, 1<<20))
	require.NoError(t, c.Run())
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := CommandContext(ctx, rig.Always(seccomp.Allow), "/bin/sh", "-c", "echo ready; exec sleep 1000")
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	_, err = out.Read(make([]byte, 6))
	require.NoError(t, err)
	cancel()
	var e *exec.ExitError
	require.ErrorAs(t, c.Wait(), &e)
	require.Equal(t, syscall.SIGKILL, e.Sys().(syscall.WaitStatus).Signal())

	c = CommandContext(ctx, rig.Always(seccomp.Allow), "/bin/true")
	require.ErrorIs(t, c.Run(), context.Canceled)

	// Cancel may do something else, and WaitDelay ends what it leaves.
	ctx, cancel = context.WithCancel(t.Context())
	c = CommandContext(ctx, rig.Always(seccomp.Allow), "/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done")
	out, err = c.StdoutPipe()
	require.NoError(t, err)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = 10 * time.Millisecond
	require.NoError(t, c.Start())
	_, err = out.Read(make([]byte, 6))
	require.NoError(t, err)
	cancel()
	require.Error(t, c.Wait())
	require.False(t, c.ProcessState.Success())

	// A grandchild that keeps the output open does not keep Wait for ever.
	c = Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "sleep 5 & exit 0")
	c.Stdout = io.Discard
	c.WaitDelay = 10 * time.Millisecond
	require.ErrorIs(t, c.Run(), exec.ErrWaitDelay)
}

// TestNobody runs all tests of the kernel side again, without privileges.
func TestNobody(t *testing.T) {
	if !rig.Privileged() {
		return // this is that run
	}
	c := exec.Command("/proc/self/exe", "-test.run=^Test(Kernel|Install|Command|Start|Kill|Concurrent|NoLeak|Signals|Pipes|Outputs|Context|Listen|Supervise|Fork|Denials|Trace|Many|Chroot|PidFD|Cgroup|Setctty|Foreground)", "-test.v", "-test.short")
	c.Dir = "/"
	c.Env = append(os.Environ(), "TMPDIR=/tmp", "HOME=/")
	c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: kerneltest.Nobody, Gid: kerneltest.Nobody}}
	out, err := c.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Greater(t, bytes.Count(out, []byte("--- PASS: ")), 60, "%s", out)
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "--- SKIP") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

// TestLimit runs this very test in a process whose soft limit of open files Go
// raises.
func TestLimit(t *testing.T) {
	kerneltest.Need(t, kerneltest.Tracing)
	const inner = "SIEVE_TEST_LIMIT=1"
	if !slices.Contains(os.Environ(), inner) {
		c := exec.Command("/bin/sh", "-c", "ulimit -Sn 123; exec /proc/$PPID/exe -test.run='^TestLimit$' -test.v")
		c.Env = append(os.Environ(), inner)
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: TestLimit")
		return
	}
	var own unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &own))
	require.Greater(t, own.Cur, uint64(123), "Go has not raised the limit")
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		out, err := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "ulimit -Sn; ulimit -Hn")).Output()
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("123\n%d\n", own.Max), string(out))
	})
	rig.RequireNoChildren(t)
}
