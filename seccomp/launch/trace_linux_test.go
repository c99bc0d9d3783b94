// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/supervise"
)

// traced is explained, with Trace.
func traced(t testing.TB, p *seccomp.Policy, name string, arg ...string) *Cmd {
	c := explained(t, p, name, arg...)
	c.Trace = true
	return c
}

// TestTrace has programs that signals of the filter end, or that handle them.
func TestTrace(t *testing.T) {
	if refused(t) {
		return
	}
	rules := func(rules ...seccomp.Rule) *seccomp.Policy {
		p := rig.Only("read", seccomp.Allow)
		p.Rules = rules
		return p
	}
	rule := func(a seccomp.Action, name string, args ...seccomp.Arg) seccomp.Rule {
		return seccomp.Rule{Syscalls: []string{name}, Action: a, Args: args}
	}
	tests := map[string]struct {
		root   bool
		policy *seccomp.Policy
		set    func(*Cmd)
		script string
		want   []string
		args   []string
	}{
		"nothing":      {policy: rules(rule(seccomp.KillProcess, "reboot")), script: "true"},
		"kill process": {policy: rules(rule(seccomp.KillProcess, "chdir")), script: "cd /tmp", want: []string{"chdir KILL_PROCESS by 1/0 x1 bad system call"}, args: []string{`"/tmp"`}},
		"kill thread":  {policy: rules(rule(seccomp.KillThread, "chdir")), script: "cd /tmp", want: []string{"chdir KILL_THREAD by 1/0 x1 bad system call"}, args: []string{`"/tmp"`}},
		"trap":         {policy: rules(rule(seccomp.Trap(1), "chdir")), script: "cd /tmp", want: []string{"chdir TRAP(1) by 1/0 x1 bad system call"}, args: []string{`"/tmp"`}},
		"arguments":    {policy: rules(rule(seccomp.KillProcess, "umask", seccomp.Arg{Index: 0, Op: seccomp.EQ, Value: 0o123})), script: "umask 22; umask 123; umask 22", want: []string{"umask KILL_PROCESS by 1/0 x1 bad system call"}, args: []string{"0123"}},
		"descendants": {policy: rules(rule(seccomp.KillProcess, "chdir")), script: "sh -c 'cd /tmp'; (cd /tmp) & wait; true",
			want: []string{"chdir KILL_PROCESS by 1/0 x2 bad system call"}},
		"and errno": {policy: rules(rule(seccomp.KillProcess, "chdir"), rule(seccomp.Errno(7), "getppid")), script: "sh -c 'cd /tmp'; true",
			want: []string{"getppid ERRNO(7) by 1/1 x2", "chdir KILL_PROCESS by 1/0 x1 bad system call"}},
		"execve kills":     {policy: rules(rule(seccomp.KillProcess, "execve")), script: "true", want: []string{"execve KILL_PROCESS by 1/0 x1 bad system call"}},
		"everything kills": {policy: &seccomp.Policy{Arches: rig.Only("read", seccomp.Allow).Arches}, script: "true", want: []string{"execve KILL_THREAD by 2/-1 x1 bad system call"}},
		"SIGSYS of others": {policy: rules(rule(seccomp.KillProcess, "reboot")), script: "kill -SYS $$; true", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"other signals":    {policy: rules(rule(seccomp.KillProcess, "reboot")), script: "trap 'echo caught' USR1; kill -USR1 $$; kill -KILL $$"},
		"stopped and continued": {policy: rules(rule(seccomp.KillProcess, "reboot")),
			script: "sh -c 'kill -STOP $$; echo on' & sleep 0.1; grep State /proc/$!/status; kill -CONT $!; wait"},
		"another identity": {root: true, policy: rules(rule(seccomp.KillProcess, "chdir")), script: "cd /tmp",
			set: attr(syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}), want: []string{"chdir KILL_PROCESS by 1/0 x1 bad system call"}},
		"namespaces": {policy: rules(rule(seccomp.KillProcess, "chdir")), script: "(cd /tmp); cd /tmp",
			set:  attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID, UidMappings: self(0, os.Getuid())}),
			want: []string{"chdir KILL_PROCESS by 1/0 x2 bad system call"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			files := rig.Count(t, "fd")
			run := func(c *Cmd) (string, string) {
				if tt.set != nil {
					tt.set(c)
				}
				out, err := c.CombinedOutput()
				text := ""
				if err != nil {
					text = strings.TrimSuffix(err.Error(), " (core dumped)")
				}
				return string(out), text
			}
			plain, plainErr := run(Command(rig.Compiled(t, tt.policy), "/bin/sh", "-c", tt.script))
			c := traced(t, tt.policy, "/bin/sh", "-c", tt.script)
			out, err := run(c)
			// A tracee that is stopped says so in its own word.
			require.Equal(t, strings.ReplaceAll(plain, "T (stopped)", "t (tracing stop)"), strings.ReplaceAll(out, "T (stopped)", "t (tracing stop)"))
			require.Equal(t, plainErr, err)
			list := c.Denials()
			require.Equal(t, tt.want, short(list))
			if tt.args != nil {
				require.Equal(t, tt.args, list[0].Args)
			}
			requireFiles(t, files)
			rig.RequireNoChildren(t)
		})
	}
	requireNoTracer(t)
}

// refused says whether calls cannot be traced, of this architecture or on this
// kernel, and holds that Start says so.
func refused(t *testing.T) bool {
	if supervise.CanTrace && tooOld(t) {
		return true
	}
	if err := kerneltest.Tracing(); supervise.CanTrace && err != nil { // Yama
		var start *StartError
		require.ErrorAs(t, traced(t, rig.Only("chdir", seccomp.KillProcess), "/bin/true").Run(), &start)
		require.Equal(t, StageTrace, start.Stage)
		t.Skip(err)
	}
	if supervise.CanTrace {
		return false
	}
	require.ErrorIs(t, traced(t, rig.Only("chdir", seccomp.KillProcess), "/bin/true").Run(), seccomp.ErrNotSupported)
	return true
}

// requireNoTracer waits for tracers to have ended.
func requireNoTracer(t *testing.T) {
	t.Helper()
	b := make([]byte, 1<<20)
	for range 3000 { // half a minute
		b := b[:runtime.Stack(b, true)]
		if !bytes.Contains(b, []byte("(*tracer).run")) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("a tracer lives on\n%s", b[:runtime.Stack(b, true)])
}

// TestTraceThreads has a program with many threads, one of which is killed, alone
// or with all others.
func TestTraceThreads(t *testing.T) {
	if refused(t) {
		return
	}
	for _, action := range []seccomp.Action{seccomp.KillThread, seccomp.KillProcess, seccomp.Trap(5)} {
		t.Run(action.String(), func(t *testing.T) {
			p := rig.Only("getpgid", action, seccomp.Arg{Index: 0, Op: seccomp.GT, Value: 1 << 40})
			c := traced(t, p, "/proc/self/exe")
			input := `{"Calls":[{"Nr":39},{"Nr":` + fmt.Sprint(rig.Number(t, "getpgid")) + `,"Args":[1234567890123,2,3,4,5,6]}]}`
			r, w, err := os.Pipe()
			require.NoError(t, err)
			c.Env = append(os.Environ(), "SIEVE_KERNELTEST_CHILD=1", "GORACE=atexit_sleep_ms=0")
			c.Stdin, c.ExtraFiles = strings.NewReader(input), []*os.File{w}
			err = c.Start()
			w.Close()
			require.NoError(t, err)
			var first struct{ Value, Errno uint64 }
			require.NoError(t, binary.Read(r, binary.NativeEndian, &first))
			_, err = io.ReadAll(r)
			require.NoError(t, err)
			r.Close()
			require.Error(t, c.Wait())
			list := c.Denials()
			require.Len(t, list, 1)
			assert.Equal(t, []string{"getpgid " + action.String() + " by 1/0 x1 bad system call"}, short(list))
			assert.Equal(t, [6]uint64{1234567890123, 2, 3, 4, 5, 6}, list[0].Call.Args)
			rig.RequireNoChildren(t)
		})
	}
}

// TestTraceCompat makes calls of i386 from a 64-bit program.
func TestTraceCompat(t *testing.T) {
	if refused(t) {
		return
	}
	kerneltest.Need(t, kerneltest.I386)
	p := rig.Only("getpgid", seccomp.KillProcess)
	p.Arches = append(p.Arches, arch.X86)
	c := traced(t, p, "/proc/self/exe")
	nr, _ := arch.X86.Number("getpgid")
	input := `{"Calls":[{"I386":true,"Nr":` + fmt.Sprint(nr) + `,"Args":[77,2,3,4,5,6]}]}`
	_, w, err := os.Pipe()
	require.NoError(t, err)
	defer w.Close()
	c.Env = append(os.Environ(), "SIEVE_KERNELTEST_CHILD=1", "GORACE=atexit_sleep_ms=0")
	c.Stdin, c.ExtraFiles = strings.NewReader(input), []*os.File{w}
	require.Error(t, c.Run())
	list := c.Denials()
	require.Len(t, list, 1)
	assert.Equal(t, arch.X86, list[0].Arch)
	assert.Equal(t, "getpgid", list[0].Name)
	assert.Equal(t, [6]uint64{77, 2, 3, 4, 5, 6}, list[0].Call.Args)
}

// TestTraceLivesOn has a tracee that lives on, and a launcher that goes on as well.
func TestTraceLivesOn(t *testing.T) {
	if refused(t) {
		return
	}
	c := traced(t, rig.Only("chdir", seccomp.KillProcess), "/bin/sh", "-c", "(read x; cd /tmp) <&3 & exit 0")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	c.ExtraFiles = []*os.File{r}
	require.NoError(t, c.Run())
	r.Close()
	require.Empty(t, c.Denials())
	w.Close()
	requireNoTracer(t)
	require.Equal(t, []string{"chdir KILL_PROCESS by 1/0 x1 bad system call"}, short(c.Denials()))
}

// Of the two threads that scenes have, the first waits in both of these.
func init() {
	scenes["another thread executes"] = func() error {
		return syscall.Exec("/bin/sh", []string{"sh", "-c", "sleep 0.2; (cd /tmp); exit 5"}, os.Environ())
	}
	scenes["another thread ends the process"] = func() error {
		os.Exit(5)
		return nil
	}
}

// TestTraceThreadExec has programs whose first thread ends when they do not, as
// another one executes a program in their place, and the other way round.
func TestTraceThreadExec(t *testing.T) {
	if refused(t) {
		return
	}
	for scene, want := range map[string][]string{
		"another thread executes":         {"chdir KILL_PROCESS by 1/0 x1 bad system call"},
		"another thread ends the process": nil,
	} {
		t.Run(scene, func(t *testing.T) {
			for range 10 {
				c := traced(t, rig.Only("chdir", seccomp.KillProcess), "/proc/self/exe")
				c.Env = append(os.Environ(), "SIEVE_KERNELTEST_CHILD=1", "GORACE=atexit_sleep_ms=0")
				c.Stdin = strings.NewReader(`{"Scene":"` + scene + `"}`)
				require.EqualError(t, c.Run(), "exit status 5")
				require.Equal(t, want, short(c.Denials()))
			}
		})
	}
	requireNoTracer(t)
	rig.RequireNoChildren(t)
}

// TestTraceKilled has children that SIGKILL ends at any time.
func TestTraceKilled(t *testing.T) {
	if refused(t) {
		return
	}
	for i := range 40 {
		c := traced(t, rig.Only("chdir", seccomp.KillProcess), "/bin/sh", "-c", "while :; do sh -c true & sh -c true; done")
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		require.NoError(t, c.Start())
		time.Sleep(time.Duration(i) * time.Millisecond / 2)
		require.NoError(t, unix.Kill(-c.Process.Pid, unix.SIGKILL))
		require.Error(t, c.Wait())
		unix.Kill(-c.Process.Pid, unix.SIGKILL)
	}
	requireNoTracer(t)
	rig.RequireNoChildren(t)
}
