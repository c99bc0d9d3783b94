// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
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
