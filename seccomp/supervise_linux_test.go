// SPDX-License-Identifier: Apache-2.0

package seccomp

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
)

// serving answers all that a child's listener receives. Wait waits until nobody uses
// it, which kernels before 5.9 do not tell, and closes it.
func serving(t testing.TB, l *Listener, answer func(n *Notification) error) (wait func()) {
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
			if err := answer(n); err != nil && !errors.Is(err, ErrGone) {
				t.Errorf("answer: %v", err)
			}
		}
	}()
	return func() {
		if kernelIs(5, 9) {
			<-done
		}
		require.NoError(t, l.Close())
		<-done
	}
}

// tooOld says whether the kernel is, for Explain, and holds that Start says so.
func tooOld(t testing.TB) bool {
	t.Helper()
	if kernelIs(5, 9) {
		return false
	}
	require.ErrorIs(t, explained(t, only("getppid", Errno(7)), "/bin/true").Run(), ErrNotSupported)
	return true
}

// noListeners is tooOld for Listen.
func noListeners(t *testing.T) bool {
	t.Helper()
	if kernelIs(5, 0) {
		return false
	}
	c := Filter{denying(unix.SYS_GETPPID, Notify)}.Command("/bin/true")
	c.Listen = true
	err := c.Run()
	require.ErrorIs(t, err, ErrNotSupported)
	require.Nil(t, c.Listener)
	requireNoChildren(t)
	return true
}

// TestListen has children whose calls the test answers.
func TestCommandListen(t *testing.T) {
	if noListeners(t) {
		return
	}
	asks := compiled(t, only("getppid", Notify))
	const descriptors = "ls /proc/self/fd | wc -l"
	seven := func(n *Notification) error { return n.Return(7) }
	tests := map[string]struct {
		root   bool
		filter Filter
		set    func(*Cmd)
		script string
		want   string
	}{
		"one program":          {filter: asks, want: "7\n"},
		"first of a stack":     {filter: Filter{asks[0], always(Allow)[0]}, want: "7\n"},
		"last of a stack":      {filter: Filter{always(Allow)[0], always(Allow)[0], asks[0]}, want: "7\n"},
		"wait killable":        {filter: Filter{asks[0], always(Allow)[0]}, set: func(c *Cmd) { c.Flags = LogAll | supported(WaitKillable) }, want: "7\n"},
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
		row.filter = Filter{unforeseen(number(t, "getppid"), Notify)}
		tests["goes by addresses"] = row
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			files := count(t, "fd")
			if tt.script == "" {
				tt.script = "exec /proc/self/exe -c 'echo $PPID'" // a shell asks for it once
			}
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				c := prepare(tt.filter.Command("/bin/sh", "-c", tt.script))
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
				requireNoChildren(t)
			})
		})
	}
	requireFree(t)
}

// TestListenBeforeExec has filters that ask about what the child does before its
// program runs.
func TestListenBeforeExec(t *testing.T) {
	if noListeners(t) || !kernelIs(5, 5) {
		return // what is asked about has to go on
	}
	goOn := func(n *Notification) error { return n.Continue() }
	fails := func(n *Notification) error { return n.Errno(syscall.EXDEV) }
	denied := &StartError{Stage: StageExec, What: "/bin/true", Err: syscall.EXDEV}
	lost := &StartError{Stage: StageExec, What: "/nowhere", Err: syscall.ENOENT}
	tests := map[string]struct {
		filter Filter
		path   string
		answer func(n *Notification) error
		start  *StartError
		wait   *StartError
	}{
		"execve, goes on":          {filter: Filter{denying(unix.SYS_EXECVE, Notify)}, answer: goOn},
		"execve, denied":           {filter: Filter{denying(unix.SYS_EXECVE, Notify)}, answer: fails, wait: denied},
		"execve, no such program":  {filter: Filter{denying(unix.SYS_EXECVE, Notify)}, path: "/nowhere", answer: goOn, wait: lost},
		"everything":               {filter: always(Notify), answer: goOn},
		"everything, no program":   {filter: always(Notify), path: "/nowhere", answer: goOn, wait: lost},
		"exit only, no program":    {filter: Filter{denying(unix.SYS_EXIT_GROUP, Notify)}, path: "/nowhere", start: lost},
		"exit only":                {filter: Filter{denying(unix.SYS_EXIT_GROUP, Notify)}, answer: goOn},
		"goes by addresses, fails": {filter: Filter{unforeseen(unix.SYS_GETPPID, Notify)}, path: "/nowhere", answer: goOn, wait: lost},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			files := count(t, "fd")
			c := tt.filter.Command("/bin/true")
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
			requireNoChildren(t)
		})
	}
}

// TestListenFails has children that never get a listener, or not to their program.
func TestListenFails(t *testing.T) {
	if noListeners(t) {
		return
	}
	asks := Filter{denying(unix.SYS_GETPPID, Notify)}
	tests := map[string]struct {
		root   bool
		filter Filter
		set    func(*Cmd)
		want   StartError
	}{
		"before the filter": {set: func(c *Cmd) { c.Dir = "/nowhere" }, want: StartError{Stage: StageDir, What: "/nowhere", Err: syscall.ENOENT}},
		"at the filter":     {set: func(c *Cmd) { c.Flags = 1 << 30 }, want: StartError{Stage: StageFilter, Err: syscall.EINVAL}},
		"after it":          {set: func(c *Cmd) { c.Path = "/nowhere" }, want: StartError{Stage: StageExec, What: "/nowhere", Err: syscall.ENOENT}},
		"killed at exec": {filter: Filter{asks[0], denying(unix.SYS_EXECVE, KillProcess)},
			want: StartError{Stage: StageExec, What: "/bin/true", Signal: syscall.SIGSYS}},
		"killed at the next program": {filter: Filter{unforeseen(unix.SYS_SECCOMP, KillProcess), asks[0]},
			want: StartError{Stage: StageFilter, What: "program 2 of 2", Signal: syscall.SIGSYS}},
		"no namespace": {set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER, UidMappings: []syscall.SysProcIDMap{{Size: 0}}}),
			want: StartError{Stage: StageNamespace, What: "uid_map", Err: syscall.EINVAL}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			suits(t, tt.root, tt.set)
			files := count(t, "fd")
			if tt.filter == nil {
				tt.filter = asks
			}
			eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
				c := prepare(tt.filter.Command("/bin/true"))
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
				requireNoChildren(t)
			})
		})
	}
}

// TestListenClosed has a supervisor that goes away.
func TestListenClosed(t *testing.T) {
	if noListeners(t) {
		return
	}
	c := compiled(t, only("getppid", Notify)).Command("/bin/sh", "-c", "echo $PPID; read x; exec /proc/self/exe -c 'echo $PPID'")
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
	c := Filter{denying(unix.SYS_GETPPID, Notify)}.Command("/bin/true")
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
	if !kernelIs(5, 9) {
		told = context.DeadlineExceeded
	}
	if err := end(); kernelIs(6, 11) || !errors.Is(err, context.DeadlineExceeded) {
		require.ErrorIs(t, err, told)
	}
	require.NoError(t, c.Wait())
	require.ErrorIs(t, end(), told)
}

// same runs a script under the policy with and without Explain, and wants the same
// output and status. It returns the denials.
func sameWith(t *testing.T, p *Policy, set func(*Cmd), name string, arg ...string) []Denial {
	t.Helper()
	files := count(t, "fd")
	run := func(c *Cmd) (string, string) {
		if set != nil {
			set(c)
		}
		out, err := c.CombinedOutput()
		return string(out), fmt.Sprint(err)
	}
	plain, plainErr := run(compiled(t, p).Command(name, arg...))
	c := explained(t, p, name, arg...)
	got, gotErr := run(c)
	require.Equal(t, plain, got)
	require.Equal(t, plainErr, gotErr)
	if c.supervisor.listener != nil {
		<-c.supervisor.done
		require.NoError(t, c.supervisor.err)
	}
	requireFiles(t, files)
	requireNoChildren(t)
	return c.Denials()
}

// explained is a child under a policy, with Explain.
func explained(t testing.TB, p *Policy, name string, arg ...string) *Cmd {
	c := compiled(t, p).Command(name, arg...)
	c.Explain = p
	return c
}

// allBut is the names of all calls but one.
func allBut(but string) (names []string) {
	for _, a := range only(but, Allow).Arches {
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

// TestCommandExplain has programs that do what a policy denies.
func TestCommandExplain(t *testing.T) {
	if tooOld(t) {
		return
	}
	native := func(def Action, rules ...Rule) *Policy {
		return &Policy{Arches: only("read", Allow).Arches, Default: def, BadArch: KillProcess, Rules: rules}
	}
	rule := func(a Action, names ...string) Rule { return Rule{Syscalls: names, Action: a} }
	tests := map[string]struct {
		root   bool
		policy *Policy
		set    func(*Cmd)
		path   string
		script string
		want   []string
	}{
		"nothing":     {policy: native(Allow, rule(Errno(1), "reboot")), script: "true"},
		"errno":       {policy: native(Allow, rule(Errno(7), "getppid")), script: "echo $PPID", want: []string{"getppid ERRNO(7) by 1/0 x1"}},
		"errno 0":     {policy: native(Allow, rule(Errno(0), "getppid")), script: "echo $PPID", want: []string{"getppid ERRNO(0) by 1/0 x1"}},
		"errno 4095":  {policy: native(Allow, rule(Errno(4095), "getppid")), script: "echo $PPID", want: []string{"getppid ERRNO(4095) by 1/0 x1"}},
		"log":         {policy: native(Allow, rule(Log, "chdir")), script: "cd /; cd /; pwd", want: []string{"chdir LOG by 1/0 x2"}},
		"descendants": {policy: native(Allow, rule(Errno(7), "getppid")), script: "sh -c 'sh -c true; true' & sh -c true; wait", want: []string{"getppid ERRNO(7) by 1/0 x4"}},
		"second rule": {policy: native(Allow, rule(Allow, "read"), rule(Errno(1), "getppid", "read")), script: "echo $PPID", want: []string{"getppid ERRNO(1) by 1/1 x1"}},
		"default": {policy: native(Errno(22), rule(Allow, allBut("getppid")...)),
			script: "echo $PPID", want: []string{"getppid ERRNO(22) by 2/-1 x1"}},
		"killed":            {policy: native(Allow, rule(KillProcess, "getppid"), rule(Errno(1), "chdir")), script: "echo $PPID", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"trapped":           {policy: native(Allow, rule(Trap(3), "getppid")), script: "echo $PPID", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"killed and denied": {policy: native(Allow, rule(KillProcess, "getppid"), rule(Errno(1), "chdir")), script: "exec 2>&-; sh -c 'cd /'; echo $PPID", want: []string{" KILL_THREAD by 0/-1 x1 bad system call"}},
		"execve denied":     {policy: native(Allow, rule(Errno(7), "execve")), script: "true", want: []string{"execve ERRNO(7) by 1/0 x1"}},
		"execve kills":      {policy: native(Allow, rule(KillProcess, "execve")), script: "true", want: []string{"execve KILL_PROCESS by 1/0 x1 bad system call"}},
		"execve and exit":   {policy: native(Allow, rule(Errno(7), "execve", "exit", "exit_group")), script: "true", want: []string{"execve ERRNO(7) by 1/0 x1"}},
		"everything":        {policy: native(Errno(13)), script: "true", want: []string{"execve ERRNO(13) by 2/-1 x1"}},
		"everything kills":  {policy: native(KillProcess), script: "true", want: []string{"execve KILL_PROCESS by 2/-1 x1 bad system call"}},
		"everything logs": {policy: native(Allow, rule(Log, "execve", "exit_group", "write", "openat", "mmap")), script: "echo ok",
			want: nil},
		"write":         {policy: native(Allow, rule(Errno(28), "write")), script: "echo lost", want: nil},
		"exit_group":    {policy: native(Allow, rule(Errno(1), "exit_group")), script: "true", want: nil},
		"no such":       {policy: native(Allow, rule(Errno(7), "getppid")), path: "/nowhere", script: "true"},
		"user":          {root: true, policy: native(Allow, rule(Errno(7), "getppid")), set: attr(syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}), script: "echo $PPID", want: []string{"getppid ERRNO(7) by 1/0 x1"}},
		"pid namespace": {policy: native(Allow, rule(Errno(7), "getppid")), set: attr(syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWUSER | unix.CLONE_NEWPID, UidMappings: self(0, os.Getuid())}), script: "echo $PPID", want: []string{"getppid ERRNO(7) by 1/0 x1"}},
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

// TestExplainText reads what the arguments of denied calls point to.
func TestExplainText(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	if tooOld(t) {
		return
	}
	p := only("chdir", Errno(13))
	p.Rules = append(p.Rules, Rule{Syscalls: []string{"umask"}, Args: []Arg{{Index: 0, Op: MaskedEQ, Mask: 0o111, Value: 0o111}}, Action: Errno(1)})
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

// TestExplainBadArch makes a call through an ABI that the policy does not list.
func TestExplainBadArch(t *testing.T) {
	if tooOld(t) {
		return
	}
	kerneltest.Need(t, kerneltest.I386)
	p := only("reboot", Errno(1))
	p.BadArch = Errno(38)
	nr, _ := arch.X86.Number("getppid")
	c := explained(t, p, "/proc/self/exe")
	results := do(t, c, kerneltest.Job{Calls: []kerneltest.Call{{Nr: nr, I386: true}}})
	require.Equal(t, []kerneltest.Result{{Errno: 38}}, results)
	list := c.Denials()
	require.Equal(t, []string{"getppid ERRNO(38) by 0/-1 x1"}, short(list))
	require.Equal(t, arch.X86, list[0].Arch)
}

// TestExplainKernel makes calls under random policies, with the kernel and the
// supervisor deciding together, and wants what the policy means. The calls take
// no arguments, so that the kernel does not mind what they are.
func TestExplainKernel(t *testing.T) {
	if tooOld(t) {
		return
	}
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"getppid", "getuid", "getgid", "getegid"}
	actions := []Action{Allow, Log, Errno(0), Errno(1), Errno(600), Errno(4094), Trace(1)}
	some := func() uint64 {
		return []uint64{0, 1, 7, 8, 1 << 31, 1<<32 - 1, 1 << 32, 1<<32 | 7, 1<<64 - 1}[random.IntN(9)]
	}
	for i := range 20 {
		p := only("reboot", Errno(1))
		p.Rules = nil
		for range 1 + random.IntN(8) {
			r := Rule{Syscalls: names[:1+random.IntN(len(names))], Action: actions[random.IntN(len(actions))]}
			for range random.IntN(3) {
				r.Args = append(r.Args, Arg{Index: random.IntN(3), Op: EQ + Op(random.IntN(7)), Value: some(), Mask: some(), Narrow: random.IntN(3) == 0})
			}
			p.Rules = append(p.Rules, r)
		}
		var calls []kerneltest.Call
		var args [][6]uint64
		for range 100 {
			a := [6]uint64{some(), some(), some()}
			calls = append(calls, kerneltest.Call{Nr: number(t, names[random.IntN(len(names))]), Args: a})
			args = append(args, a)
		}
		c := explained(t, p, "/proc/self/exe")
		results := do(t, c, kerneltest.Job{Calls: calls})
		require.Len(t, results, len(calls))
		want := map[Decision]int{}
		for j, got := range results {
			call := Call{Audit: arch.Native().Audit(), Nr: calls[j].Nr}
			for k, v := range args[j] {
				call.Args[k] = uint64(uintptr(v))
			}
			d := p.Explain(&call)
			if d.Action.Kind() == errno || d.Action == Log {
				want[d]++
			}
			switch {
			case d.Action == Allow || d.Action == Log:
				assert.Zero(t, got.Errno, "policy %d: %+v", i, call)
			case d.Action.Kind() == trace:
				assert.Equal(t, syscall.ENOSYS, got.Errno, "policy %d: %+v", i, call)
			case d.Action.Data() == 0:
				assert.Equal(t, kerneltest.Result{}, got, "policy %d: %+v", i, call)
			default:
				assert.Equal(t, syscall.Errno(d.Action.Data()), got.Errno, "policy %d: %+v", i, call)
			}
		}
		counted := map[Decision]int{}
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

// TestExplainRefuses has policies that cannot be explained.
func TestExplainRefuses(t *testing.T) {
	if tooOld(t) {
		return
	}
	asks, other := only("getppid", Notify), only("getppid", Errno(1))
	tests := map[string]struct {
		policy *Policy
		set    func(*Cmd)
		is     error
		says   string
	}{
		"asks itself":          {policy: asks, is: ErrExplain, says: "rule 0: it asks a supervisor"},
		"asks by default":      {policy: &Policy{Arches: asks.Arches, Default: Notify, BadArch: KillProcess}, is: ErrExplain, says: "default: it asks"},
		"other policy":         {policy: other, set: func(c *Cmd) { c.Explain = only("getppid", Errno(2)) }, is: ErrExplain, says: "not compiled from this policy"},
		"listens too":          {policy: other, set: func(c *Cmd) { c.Listen = true }, says: "Listen and Explain"},
		"invalid":              {policy: other, set: func(c *Cmd) { c.Explain = &Policy{Default: 5} }, is: ErrPolicy},
		"trace alone":          {policy: other, set: func(c *Cmd) { c.Explain, c.Trace = nil, true }, says: "want Explain"},
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
	c := compiled(t, other).Command("/bin/true")
	c.Listen = true
	require.ErrorIs(t, c.Run(), ErrNoNotify)
}

// TestExplainOwnListener has a child that wants a listener of its own.
func TestExplainOwnListener(t *testing.T) {
	if tooOld(t) {
		return
	}
	for name, tt := range map[string]struct {
		policy *Policy
		want   string
	}{
		"by default": {only("reboot", Errno(1)), "seccomp ALLOW by 2/-1 x1"},
		"by rule": {&Policy{Arches: only("read", Allow).Arches, Default: Allow, BadArch: KillProcess,
			Rules: []Rule{{Syscalls: []string{"reboot"}, Action: Errno(1)}, {Numbers: []Range{{0, 1 << 20}}, Action: Allow}}}, "seccomp ALLOW by 1/1 x1"},
		"nothing else is asked about": {only("reboot", KillProcess), "seccomp ALLOW by 2/-1 x1"},
	} {
		t.Run(name, func(t *testing.T) {
			c := explained(t, tt.policy, "/proc/self/exe")
			do(t, c, kerneltest.Job{Scene: "one listener, or none beside another"})
			require.Equal(t, []string{tt.want}, short(c.Denials()))
		})
	}
	require.Contains(t, scenes, "one listener, or none beside another")
}

// supervisedScene tells a scene that it runs in a child with Explain.
const supervisedScene = "SIEVE_TEST_SUPERVISED"

var superviseScenes = map[string]func() error{
	"one listener, or none beside another": func() error {
		if err := NoNewPrivs(); err != nil {
			return err
		}
		if err := always(Allow).Install(0); err != nil { // filters without a listener are its own affair
			return err
		}
		_, err := Filter{denying(unix.SYS_GETPPID, Notify)}.Listen(0)
		if os.Getenv(supervisedScene) == "" {
			return err
		}
		return want(err, errors.Is(err, syscall.EBUSY))
	},
	"a launcher that is supervised": func() error {
		if err := NoNewPrivs(); err != nil {
			return err
		}
		l, err := Filter{denying(unix.SYS_GETPPID, Notify)}.Listen(0)
		if err != nil {
			return err
		}
		defer l.Close()
		c := Filter{denying(unix.SYS_GETPPID, Notify)}.Command("/bin/true")
		c.Listen = true
		err = c.Run()
		return want(err, errors.Is(err, syscall.EBUSY) && strings.Contains(err.Error(), "an older filter of the launcher has a listener"))
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

// TestExplainMany has more different calls than are kept.
func TestExplainMany(t *testing.T) {
	if tooOld(t) {
		return
	}
	p := only("getppid", Errno(1), Arg{Index: 0, Op: NE, Value: 1 << 40})
	var calls []kerneltest.Call
	for i := range maxDenials + 10 {
		calls = append(calls, kerneltest.Call{Nr: number(t, "getppid"), Args: [6]uint64{uint64(i), uint64(i)}})
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

// TestExplainLivesOn has descendants that the child leaves behind.
func TestExplainLivesOn(t *testing.T) {
	if tooOld(t) {
		return
	}
	files := count(t, "fd")
	c := explained(t, only("getppid", Errno(7)), "/bin/sh", "-c", "(read x; sh -c 'echo $PPID') <&3 & exit 0")
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

// TestExplainClosed has a supervisor that ends midway: nobody waits for it for ever.
func TestExplainClosed(t *testing.T) {
	if tooOld(t) {
		return
	}
	c := explained(t, only("getppid", Errno(7)), "/bin/sh", "-c", "read x; exec /proc/self/exe -c 'echo $PPID'")
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
	c := explained(t, only("getppid", Errno(7)), "/bin/sh", "-c", "ulimit -u 200; f() { sh -c true; f & f & }; f; while :; do sh -c true; done")
	c.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWPID,
		UidMappings: self(54321, os.Getuid()), GidMappings: self(54321, os.Getgid()),
	}
	if privileged() {
		c.SysProcAttr.UidMappings, c.SysProcAttr.GidMappings = self(54321, 54321), self(54321, 54321)
		c.SysProcAttr.Credential = &syscall.Credential{Uid: 54321, Gid: 54321, NoSetGroups: true}
	}
	files := count(t, "fd")
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
	requireNoChildren(t)
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
	c := explained(t, only("getppid", Errno(7)), "/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do sh -c true & done; wait")
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
