// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
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
				err := c.Start()
				var got *StartError
				require.ErrorAs(t, err, &got)
				require.Equal(t, tt.want.Stage, got.Stage, "%v", err)
				require.Equal(t, tt.want.What, got.What, "%v", err)
				require.Equal(t, tt.want.Signal, got.Signal, "%v", err)
				if tt.want.Err != nil {
					require.ErrorIs(t, err, tt.want.Err)
				}
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
	if c.supervisor.listener != nil {
		<-c.supervisor.done
		require.NoError(t, c.supervisor.err)
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

// short is a denial in a few words.
func short(list []Denial) []string {
	var out []string
	for _, d := range list {
		text := fmt.Sprintf("%s %v by %d/%d x%d", d.Name, d.Decision.Action, d.Decision.By, d.Decision.Rule, d.Count)
		if d.Signal != nil {
			text += " " + d.Signal.String()
		}
		out = append(out, text)
	}
	return out
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

// TestSuperviseText reads what the arguments of denied calls point to.
func TestSuperviseText(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	if tooOld(t) {
		return
	}
	p := rig.Only("chdir", seccomp.Errno(13))
	p.Rules = append(p.Rules, seccomp.Rule{Syscalls: []string{"umask"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.MaskedEQ, Mask: 0o111, Value: 0o111}}, Action: seccomp.Errno(1)})
	long := "/" + strings.Repeat("x", 300)
	c := explained(t, p, "/bin/sh", "-c", "cd /tmp; cd /usr; umask 111; umask 777; umask 115; cd "+long)
	out, _ := c.CombinedOutput()
	list := c.Denials()
	require.Len(t, list, 2, "%s", out)
	require.Equal(t, "umask", list[1].Name)
	require.Equal(t, []string{"0111"}, list[1].Args)
	require.Equal(t, 3, list[1].Count, "bits that no rule looks at do not tell calls apart")
	require.Equal(t, []string{`"/tmp"`}, list[0].Args, "the first")
	require.Equal(t, 3, list[0].Count)

	c = explained(t, p, "/bin/sh", "-c", "cd "+long)
	c.CombinedOutput()
	require.Equal(t, []string{`"` + long[:256] + `"...`}, c.Denials()[0].Args)
}

// TestSuperviseBadArch makes a call through an ABI that the policy does not list.
func TestSuperviseBadArch(t *testing.T) {
	if tooOld(t) {
		return
	}
	kerneltest.Need(t, kerneltest.I386)
	p := rig.Only("reboot", seccomp.Errno(1))
	p.BadArch = seccomp.Errno(38)
	nr, _ := arch.X86.Number("getppid")
	c := explained(t, p, "/proc/self/exe")
	results := do(t, c, kerneltest.Job{Calls: []kerneltest.Call{{Nr: nr, I386: true}}})
	require.Equal(t, []kerneltest.Result{{Errno: 38}}, results)
	list := c.Denials()
	require.Equal(t, []string{"getppid ERRNO(38) by 0/-1 x1"}, short(list))
	require.Equal(t, arch.X86, list[0].Arch)
}

// TestSuperviseKernel makes calls under random policies, with the kernel and the
// supervisor deciding together, and wants what the policy means. The calls take
// no arguments, so that the kernel does not mind what they are.
func TestSuperviseKernel(t *testing.T) {
	if tooOld(t) {
		return
	}
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"getppid", "getuid", "getgid", "getegid"}
	actions := []seccomp.Action{seccomp.Allow, seccomp.Log, seccomp.Errno(0), seccomp.Errno(1), seccomp.Errno(600), seccomp.Errno(4094), seccomp.Trace(1)}
	some := func() uint64 {
		return []uint64{0, 1, 7, 8, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 | 7, 1<<64 - 1}[random.IntN(9)]
	}
	for i := range 20 {
		p := rig.Only("reboot", seccomp.Errno(1))
		p.Rules = nil
		for range 1 + random.IntN(8) {
			r := seccomp.Rule{Syscalls: names[:1+random.IntN(len(names))], Action: actions[random.IntN(len(actions))]}
			for range random.IntN(3) {
				r.Args = append(r.Args, seccomp.Arg{Index: random.IntN(3), Op: seccomp.EQ + seccomp.Op(random.IntN(7)), Value: some(), Mask: some(), Narrow: random.IntN(3) == 0})
			}
			p.Rules = append(p.Rules, r)
		}
		var calls []kerneltest.Call
		var args [][6]uint64
		for range 100 {
			a := [6]uint64{some(), some(), some()}
			calls = append(calls, kerneltest.Call{Nr: rig.Number(t, names[random.IntN(len(names))]), Args: a})
			args = append(args, a)
		}
		c := explained(t, p, "/proc/self/exe")
		results := do(t, c, kerneltest.Job{Calls: calls})
		require.Len(t, results, len(calls))
		want := map[seccomp.Decision]int{}
		for j, got := range results {
			call := seccomp.Call{Audit: arch.Native().Audit(), Nr: calls[j].Nr}
			for k, v := range args[j] {
				call.Args[k] = uint64(uintptr(v))
			}
			d := p.Explain(&call)
			if d.Action.Kind() == seccomp.Errno(0) || d.Action == seccomp.Log {
				want[d]++
			}
			switch {
			case d.Action == seccomp.Allow || d.Action == seccomp.Log:
				assert.Zero(t, got.Errno, "policy %d: %+v", i, call)
			case d.Action.Kind() == seccomp.Trace(0):
				assert.Equal(t, syscall.ENOSYS, got.Errno, "policy %d: %+v", i, call)
			case d.Action.Data() == 0:
				assert.Equal(t, kerneltest.Result{}, got, "policy %d: %+v", i, call)
			default:
				assert.Equal(t, syscall.Errno(d.Action.Data()), got.Errno, "policy %d: %+v", i, call)
			}
		}
		counted := map[seccomp.Decision]int{}
		for _, d := range c.Denials() {
			counted[d.Decision] += d.Count
		}
		assert.Equal(t, want, counted)
	}
}

// do runs a job of kerneltest in a child that is there already.
func do(t *testing.T, c *Cmd, j kerneltest.Job) (results []kerneltest.Result) {
	t.Helper()
	input, err := json.Marshal(j)
	require.NoError(t, err)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	var out bytes.Buffer
	c.Env = append(os.Environ(), supervisedScene+"=1", "SIEVE_KERNELTEST_CHILD=1", "GORACE=atexit_sleep_ms=0")
	c.Stdin, c.Stdout, c.Stderr, c.ExtraFiles = bytes.NewReader(input), &out, &out, []*os.File{w}
	err = c.Start()
	w.Close()
	require.NoError(t, err)
	defer func() { require.NoError(t, c.Wait(), "%s", out.String()) }()
	for {
		var one struct{ Value, Errno uint64 }
		require.NoError(t, binary.Read(r, binary.NativeEndian, &one))
		if one.Errno == ^uint64(0) {
			return results // done
		}
		results = append(results, kerneltest.Result{Value: one.Value, Errno: syscall.Errno(one.Errno)})
	}
}

// TestSuperviseRefuses has policies that cannot be explained.
func TestSuperviseRefuses(t *testing.T) {
	if tooOld(t) {
		return
	}
	asks, other := rig.Only("getppid", seccomp.Notify), rig.Only("getppid", seccomp.Errno(1))
	tests := map[string]struct {
		policy *seccomp.Policy
		set    func(*Cmd)
		is     error
		says   string
	}{
		"asks itself":          {policy: asks, is: ErrSupervise, says: "rule 0: it asks a supervisor"},
		"asks by default":      {policy: &seccomp.Policy{Arches: asks.Arches, Default: seccomp.Notify, BadArch: seccomp.KillProcess}, is: ErrSupervise, says: "default: it asks"},
		"other policy":         {policy: other, set: func(c *Cmd) { c.Supervise = rig.Only("getppid", seccomp.Errno(2)) }, is: ErrSupervise, says: "not compiled from this policy"},
		"listens too":          {policy: other, set: func(c *Cmd) { c.Listen = true }, says: "Listen and Supervise"},
		"invalid":              {policy: other, set: func(c *Cmd) { c.Supervise = &seccomp.Policy{Default: 5} }, is: seccomp.ErrPolicy},
		"trace alone":          {policy: other, set: func(c *Cmd) { c.Supervise, c.Trace = nil, true }, says: "want Supervise"},
		"trace and privileged": {policy: other, set: func(c *Cmd) { c.Privileged, c.Trace = true, true }, says: "gains no privileges"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := explained(t, tt.policy, "/bin/true")
			if tt.set != nil {
				tt.set(c)
			}
			err := c.Run()
			require.ErrorContains(t, err, tt.says)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
			require.Empty(t, c.Denials())
			require.Zero(t, c.DenialsOmitted())
		})
	}
	c := Command(rig.Compiled(t, other), "/bin/true")
	c.Listen = true
	require.ErrorIs(t, c.Run(), seccomp.ErrNoNotify)
}

// TestSuperviseOwnListener has a child that wants a listener of its own.
func TestSuperviseOwnListener(t *testing.T) {
	if tooOld(t) {
		return
	}
	for name, tt := range map[string]struct {
		policy *seccomp.Policy
		want   string
	}{
		"by default": {rig.Only("reboot", seccomp.Errno(1)), "seccomp ALLOW by 2/-1 x1"},
		"by rule": {&seccomp.Policy{Arches: rig.Only("read", seccomp.Allow).Arches, Default: seccomp.Allow, BadArch: seccomp.KillProcess,
			Rules: []seccomp.Rule{{Syscalls: []string{"reboot"}, Action: seccomp.Errno(1)}, {Numbers: []seccomp.Range{{From: 0, To: 1 << 20}}, Action: seccomp.Allow}}}, "seccomp ALLOW by 1/1 x1"},
		"nothing else is asked about": {rig.Only("reboot", seccomp.KillProcess), "seccomp ALLOW by 2/-1 x1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := explained(t, tt.policy, "/proc/self/exe")
			do(t, c, kerneltest.Job{Scene: "one listener, or none beside another"})
			require.Equal(t, []string{tt.want}, short(c.Denials()))
		})
	}
	require.Contains(t, scenes, "one listener, or none beside another")
}

// supervisedScene tells a scene that it runs in a child with Supervise.
const supervisedScene = "SIEVE_TEST_SUPERVISED"

var superviseScenes = map[string]func() error{
	"asks about everything": func() error {
		c := Command(rig.Always(seccomp.Notify), "/bin/sh", "-c", "echo hello | cat; exit 3")
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
		l, err := notify.Listen(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, 0)
		if err != nil {
			return err
		}
		defer l.Close()
		c := Command(seccomp.Filter{rig.Denying(unix.SYS_GETPPID, seccomp.Notify)}, "/bin/true")
		c.Listen = true
		err = c.Run()
		return rig.Want(err, errors.Is(err, syscall.EBUSY) && strings.Contains(err.Error(), "an older filter of the launcher has a listener"))
	},
}

func TestListenBusy(t *testing.T) {
	if noListeners(t) {
		return
	}
	for name := range superviseScenes {
		t.Run(name, func(t *testing.T) { kerneltest.Job{Scene: name, Nobody: true}.Run(t) })
	}
}

// TestSuperviseMany has more different calls than are kept.
func TestSuperviseMany(t *testing.T) {
	if tooOld(t) {
		return
	}
	p := rig.Only("getppid", seccomp.Errno(1), seccomp.Arg{Index: 0, Op: seccomp.NE, Value: 1 << 40})
	var calls []kerneltest.Call
	for i := range maxDenials + 10 {
		calls = append(calls, kerneltest.Call{Nr: rig.Number(t, "getppid"), Args: [6]uint64{uint64(i), uint64(i)}})
	}
	calls = append(calls, calls[0])
	c := explained(t, p, "/proc/self/exe")
	do(t, c, kerneltest.Job{Calls: calls})
	list := c.Denials()
	require.Len(t, list, maxDenials)
	require.Equal(t, 10, c.DenialsOmitted())
	require.Equal(t, 2, list[0].Count)
	require.True(t, slices.IsSortedFunc(list, func(a, b Denial) int { return int(a.Call.Args[0]) - int(b.Call.Args[0]) }))
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
	<-c.supervisor.done
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
	require.NoError(t, c.supervisor.listener.Close())
	<-c.supervisor.done
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
	<-c.supervisor.done
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

// TestDenialsConcurrent reads the denials while they are made.
func TestDenialsConcurrent(t *testing.T) {
	if tooOld(t) {
		return
	}
	c := explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sh -c true & done; wait")
	require.NoError(t, c.Start())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			last := 0
			for range 100 {
				for _, d := range c.Denials() {
					assert.GreaterOrEqual(t, d.Count, last)
					last = d.Count
				}
			}
		})
	}
	require.NoError(t, c.Wait())
	require.Equal(t, 10, c.Denials()[0].Count)
	all.Wait()
}
