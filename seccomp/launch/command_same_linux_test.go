// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/version"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commander is what exec.Cmd and Cmd have in common.
type commander interface {
	Start() error
	Run() error
	Wait() error
	Output() ([]byte, error)
	CombinedOutput() ([]byte, error)
	StdinPipe() (io.WriteCloser, error)
	StdoutPipe() (io.ReadCloser, error)
	StderrPipe() (io.ReadCloser, error)
	String() string
	Environ() []string
}

var (
	_ commander = (*exec.Cmd)(nil)
	_ commander = (*Cmd)(nil)
)

// sameRow is a use or a misuse. What it does to exec.Cmd and to Cmd has the same outcome,
// or the one that ours is, for the reason given.
type sameRow struct {
	name   string
	script string   // of sh -c; or else
	args   []string // the command
	ctx    func() context.Context
	set    func(c *exec.Cmd)
	do     func(c commander) (any, error) // Output if nil
	bare   bool                           // not made by Command
	since  string                         // the Go release since which os/exec does so; empty: always
	ours   string
	reason string
}

// outcome is what comes of a row: what do returned, and the kind of its error.
func (row *sameRow) outcome(c commander) (text string) {
	defer leave(c)
	defer func() {
		if r := recover(); r != nil {
			text = "panic"
		}
	}()
	do := row.do
	if do == nil {
		do = func(c commander) (any, error) { return c.Output() }
	}
	result, err := do(c)
	if b, ok := result.([]byte); ok {
		result = string(b)
	}
	return fmt.Sprintf("%v | %s", result, kindOf(err))
}

// leave ends a command that a row has started and not waited for.
func leave(c commander) {
	var p *os.Process
	switch c := c.(type) {
	case *exec.Cmd:
		p = c.Process
	case *Cmd:
		p = c.Process
	}
	if p != nil && p.Kill() == nil {
		_ = c.Wait()
	}
}

// kindOf is what a caller can tell of an error.
func kindOf(err error) string {
	if err == nil {
		return "nil"
	}
	var e *exec.ExitError
	if errors.As(err, &e) {
		return fmt.Sprintf("%v, stderr of %d bytes %.20q", e.ProcessState, len(e.Stderr), e.Stderr)
	}
	var kinds []string
	for name, kind := range map[string]error{
		"canceled": context.Canceled, "deadline": context.DeadlineExceeded, "WaitDelay": exec.ErrWaitDelay, "dot": exec.ErrDot,
		"not found": exec.ErrNotFound, "ENOENT": syscall.ENOENT, "EACCES": syscall.EACCES, "EINVAL": syscall.EINVAL,
		"ENOEXEC": syscall.ENOEXEC, "ENOTDIR": syscall.ENOTDIR, "EPERM": syscall.EPERM, "E2BIG": syscall.E2BIG, "closed": fs.ErrClosed,
	} {
		if errors.Is(err, kind) {
			kinds = append(kinds, name)
		}
	}
	if len(kinds) == 1 {
		return kinds[0]
	}
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "exec: "), "seccomp: ")
	return fmt.Sprint(text, kinds)
}

// ctxDone is a context that is done.
func ctxDone() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

// ctxSoon is one that will be done while the command runs.
func ctxSoon() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(50*time.Millisecond, cancel)
	return ctx
}

// both runs one method after another.
func both(first, second func(c commander) (any, error)) func(c commander) (any, error) {
	return func(c commander) (any, error) {
		if result, err := first(c); err != nil {
			return result, err
		}
		return second(c)
	}
}

func doStart(c commander) (any, error)  { return nil, c.Start() }
func doRun(c commander) (any, error)    { return nil, c.Run() }
func doWait(c commander) (any, error)   { return nil, c.Wait() }
func doText(c commander) (any, error)   { return c.String(), nil }
func doStdin(c commander) (any, error)  { _, err := c.StdinPipe(); return nil, err }
func doStdout(c commander) (any, error) { _, err := c.StdoutPipe(); return nil, err }
func doStderr(c commander) (any, error) { _, err := c.StderrPipe(); return nil, err }

// uncomparable is a writer that == panics on.
type uncomparable []int

func (uncomparable) Write(p []byte) (int, error) { return len(p), nil }

// failing is a reader and a writer that fails.
type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, syscall.EPERM }
func (failing) Write([]byte) (int, error) { return 0, syscall.EPERM }

// sameRows are what people do with a command.
func sameRows(dir string) []sameRow {
	closed, err := os.Open(os.DevNull)
	if err != nil {
		panic(err)
	}
	closed.Close()
	return []sameRow{
		{name: "Path empty", set: func(c *exec.Cmd) { c.Path = "" }},
		{name: "Path and Args only", bare: true, set: func(c *exec.Cmd) { *c = exec.Cmd{Path: "/bin/echo", Args: []string{"echo", "a"}} },
			ours: " | start: invalid filter: no programs[]", reason: "a Cmd that no Filter made has no filter, and runs nothing without"},
		{name: "Path not there", args: []string{"/nowhere"}},
		{name: "Path a folder", args: []string{dir}},
		{name: "Path below a file", args: []string{"/dev/null/x"}},
		{name: "Path with NUL", set: func(c *exec.Cmd) { c.Path = "/bin/\x00sh" }},
		{name: "a name not found", args: []string{"no-such-command-anywhere"}},
		{name: "the text of a name not found", args: []string{"no-such-command-anywhere", "a"}, do: doText},
		{name: "the text of a command", args: []string{"sh", "-c", "a b"}, do: doText},
		{name: "the text with Err", script: "true", set: func(c *exec.Cmd) { c.Err = exec.ErrDot }, do: doText},
		{name: "Err", script: "true", set: func(c *exec.Cmd) { c.Err = exec.ErrDot }},
		{name: "Args nil", args: []string{"/bin/pwd"}, set: func(c *exec.Cmd) { c.Args, c.Dir = nil, dir }},
		{name: "Args empty", args: []string{"/bin/pwd"}, set: func(c *exec.Cmd) { c.Args, c.Dir = []string{}, dir }},
		{name: "the text of no Args", args: []string{"/bin/pwd"}, set: func(c *exec.Cmd) { c.Args = nil }, do: doText,
			ours: "/bin/pwd | nil", reason: "a text rather than a panic"},
		{name: "Args with NUL", args: []string{"/bin/echo", "a\x00b"}},
		{name: "Args too long", args: []string{"/bin/echo", strings.Repeat("a", 1<<18)}},
		{name: "Env nil", script: "echo $HOME"},
		{name: "Env empty", args: []string{"/usr/bin/env"}, set: func(c *exec.Cmd) { c.Env = []string{} }},
		{name: "Env twice", args: []string{"/usr/bin/env"}, set: func(c *exec.Cmd) { c.Env = []string{"A=1", "B=2", "A=3"} }},
		{name: "Env without =", args: []string{"/usr/bin/env"}, set: func(c *exec.Cmd) { c.Env = []string{"A", "", "=B", "C=="} }},
		{name: "Env with NUL", script: "env", set: func(c *exec.Cmd) { c.Env = []string{"A=1", "B=\x00"} },
			ours: " | EINVAL", reason: "the entry's place in the message, and an errno"},
		{name: "Environ with NUL", set: func(c *exec.Cmd) { c.Env = []string{"A=1", "B=\x00"} }, do: func(c commander) (any, error) { return c.Environ(), nil }},
		{name: "Environ with Dir", set: func(c *exec.Cmd) { c.Dir = dir }, do: func(c commander) (any, error) { return c.Environ(), nil }},
		{name: "Dir", script: "pwd; echo $PWD", set: func(c *exec.Cmd) { c.Dir = dir }},
		{name: "Dir with Env", script: "pwd; echo $PWD", set: func(c *exec.Cmd) { c.Dir, c.Env = dir, []string{"PWD=/x"} }},
		{name: "Dir not there", script: "true", set: func(c *exec.Cmd) { c.Dir = "/nowhere" }},
		{name: "Dir a file", script: "true", set: func(c *exec.Cmd) { c.Dir = "/dev/null" }},
		{name: "Dir with NUL", script: "true", set: func(c *exec.Cmd) { c.Dir = "/\x00" },
			ours: " | EINVAL", reason: "the message names Dir, where os/exec means PWD"},

		{name: "Stdin nil", script: "cat"},
		{name: "Stdin a nil file", script: "cat; echo $?", set: func(c *exec.Cmd) { c.Stdin = (*os.File)(nil) }},
		{name: "Stdin a closed file", script: "cat; echo $?", set: func(c *exec.Cmd) { c.Stdin = closed },
			ours: " | closed", reason: "a file that is closed is a mistake; os/exec starts the child without it"},
		{name: "Stdin a reader", script: "cat", set: func(c *exec.Cmd) { c.Stdin = strings.NewReader("a") }},
		{name: "Stdin not read", script: "exec <&-; sleep 0.01", set: func(c *exec.Cmd) { c.Stdin = strings.NewReader(strings.Repeat("a", 1<<20)) }},
		{name: "Stdin fails", script: "cat", set: func(c *exec.Cmd) { c.Stdin = failing{} }},
		{name: "Stdout fails", script: "echo a", set: func(c *exec.Cmd) { c.Stdout = failing{} }, do: doRun},
		{name: "Stdout fails, and the command", script: "echo a; exit 3", set: func(c *exec.Cmd) { c.Stdout = failing{} }, do: doRun},
		{name: "Stdout and Stderr one", script: "echo a; echo b >&2", do: func(c commander) (any, error) { return c.CombinedOutput() }},
		{name: "Stdout and Stderr uncomparable", script: "true", set: func(c *exec.Cmd) { c.Stdout, c.Stderr = uncomparable{}, uncomparable{} }, do: doRun},
		{name: "Stderr short", script: "echo a >&2; exit 3"},
		{name: "Stderr long", script: "head -c 65536 /dev/zero >&2; exit 3"},
		{name: "Stderr longer", script: "head -c 200000 /dev/zero >&2; exit 3"},
		{name: "Stderr given", script: "echo a >&2; exit 3", set: func(c *exec.Cmd) { c.Stderr = io.Discard }},
		{name: "ExtraFiles", script: "cat <&4", set: func(c *exec.Cmd) { c.ExtraFiles = []*os.File{nil, mustOpen(os.DevNull)} }},
		{name: "ExtraFiles nil", script: "(: <&3) 2>/dev/null && echo open || echo closed", set: func(c *exec.Cmd) { c.ExtraFiles = []*os.File{nil} }},

		{name: "Output with Stdout", script: "true", set: func(c *exec.Cmd) { c.Stdout = io.Discard }},
		{name: "CombinedOutput with Stdout", script: "true", set: func(c *exec.Cmd) { c.Stdout = io.Discard }, do: func(c commander) (any, error) { return c.CombinedOutput() }},
		{name: "CombinedOutput with Stderr", script: "true", set: func(c *exec.Cmd) { c.Stderr = io.Discard }, do: func(c commander) (any, error) { return c.CombinedOutput() }},
		{name: "StdinPipe with Stdin", script: "true", set: func(c *exec.Cmd) { c.Stdin = strings.NewReader("") }, do: doStdin},
		{name: "StdoutPipe with Stdout", script: "true", set: func(c *exec.Cmd) { c.Stdout = io.Discard }, do: doStdout},
		{name: "StderrPipe with Stderr", script: "true", set: func(c *exec.Cmd) { c.Stderr = io.Discard }, do: doStderr},
		{name: "StdinPipe twice", script: "true", do: both(doStdin, doStdin)},
		{name: "StdoutPipe twice", script: "true", do: both(doStdout, doStdout)},
		{name: "StdinPipe after Start", script: "true", do: both(doStart, doStdin)},
		{name: "StdoutPipe after Start", script: "true", do: both(doStart, doStdout)},
		{name: "StderrPipe after Start", script: "true", do: both(doStart, doStderr)},
		{name: "StdinPipe after a Start that failed", args: []string{"/nowhere"},
			do:   func(c commander) (any, error) { _ = c.Start(); return doStdin(c) },
			ours: "<nil> | StdinPipe after process started[]", reason: "such a pipe would lead nowhere, and nobody would close it"},

		{name: "Start twice", script: "true", do: both(doStart, doStart)},
		{name: "Start again after it failed", since: "go1.26", args: []string{"/nowhere"}, do: func(c commander) (any, error) { _ = c.Start(); return nil, c.Start() }},
		{name: "Wait before Start", script: "true", do: doWait},
		{name: "Wait after a Start that failed", args: []string{"/nowhere"}, do: func(c commander) (any, error) { _ = c.Start(); return nil, c.Wait() }},
		{name: "Wait twice", script: "true", do: both(doRun, doWait)},
		{name: "status", script: "exit 3", do: doRun},
		{name: "signal", script: "kill -9 $$", do: doRun},

		{name: "a nil context", script: "true", ctx: func() context.Context { return nil }},
		{name: "the context done before", script: "true", ctx: ctxDone},
		{name: "the context done", args: []string{"sleep", "100"}, ctx: ctxSoon},
		{name: "the context done, and all is well", script: "trap 'exit 0' TERM; sleep 0.2 & wait; wait", ctx: ctxSoon,
			set: func(c *exec.Cmd) { c.Cancel = func() error { return nil } }},
		{name: "Cancel without a context", script: "true", set: func(c *exec.Cmd) { c.Cancel = func() error { return nil } },
			ours: " | Cancel without a context: use CommandContext[]", reason: "other words"},
		{name: "Cancel nil", script: "sleep 0.2", ctx: ctxSoon, set: func(c *exec.Cmd) { c.Cancel = nil }},
		{name: "Cancel nil, with WaitDelay", script: "sleep 0.2", ctx: ctxSoon, set: func(c *exec.Cmd) { c.Cancel, c.WaitDelay = nil, time.Minute }},
		{name: "Cancel nil, after WaitDelay", args: []string{"sleep", "100"}, ctx: ctxSoon, set: func(c *exec.Cmd) { c.Cancel, c.WaitDelay = nil, 1 }},
		{name: "Cancel too late", script: "sleep 0.2", ctx: ctxSoon, set: func(c *exec.Cmd) { c.Cancel = func() error { return os.ErrProcessDone } }},
		{name: "Cancel fails", script: "sleep 0.2", ctx: ctxSoon, set: func(c *exec.Cmd) { c.Cancel = func() error { return syscall.EPERM } }},
		{name: "WaitDelay over", script: "sleep 1 &", set: func(c *exec.Cmd) { c.WaitDelay = 1 }},
		{name: "WaitDelay negative", script: "sleep 1 &", set: func(c *exec.Cmd) { c.WaitDelay = -1 }},
		{name: "WaitDelay over, and the command failed", script: "sleep 1 & exit 3", set: func(c *exec.Cmd) { c.Stderr, c.WaitDelay = new(bytes.Buffer), 1 }},

		{name: "SysProcAttr.Setsid", script: "test $$ = $(cut -d' ' -f6 /proc/$$/stat)", set: func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }},
		{name: "SysProcAttr.Chroot not there", script: "true", set: func(c *exec.Cmd) { c.Dir, c.SysProcAttr = "/", &syscall.SysProcAttr{Chroot: "/\x00"} }},
		{name: "SysProcAttr.Ptrace", script: "true", set: func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Ptrace: true} }, do: doStart,
			ours: "<nil> | start: SysProcAttr.Ptrace: not supported: the launcher would stop with the child[]", reason: "SysProcAttr's comment"},
	}
}

func mustOpen(name string) *os.File {
	f, err := os.Open(name)
	if err != nil {
		panic(err)
	}
	return f
}

// command makes what a row is about with one of the two.
func (row *sameRow) command(ours bool) (c commander) {
	args := row.args
	if args == nil {
		args = []string{"/bin/sh", "-c", row.script}
	}
	theirs := func() *exec.Cmd {
		if row.ctx == nil {
			return exec.Command(args[0], args[1:]...)
		}
		return exec.CommandContext(row.ctx(), args[0], args[1:]...)
	}
	if !ours {
		c := theirs()
		if row.set != nil {
			row.set(c)
		}
		return c
	}
	mine := Command(rig.Always(seccomp.Allow), args[0], args[1:]...)
	if row.ctx != nil {
		mine = CommandContext(row.ctx(), rig.Always(seccomp.Allow), args[0], args[1:]...)
	}
	if row.set == nil {
		return mine
	}
	if row.bare {
		mine = &Cmd{}
	}
	was, is := theirs(), theirs()
	row.set(is)
	copyFields(mine, was, is)
	return mine
}

// copyFields sets what a row has changed.
func copyFields(to *Cmd, was, is *exec.Cmd) {
	fields := reflect.TypeFor[exec.Cmd]()
	for i := range fields.NumField() {
		f := fields.Field(i)
		if !f.IsExported() {
			continue
		}
		a, b := reflect.ValueOf(was).Elem().Field(i), reflect.ValueOf(is).Elem().Field(i)
		if f.Name == "Cancel" && !a.IsNil() && !b.IsNil() && a.Pointer() == b.Pointer() {
			continue // the default, which kills its own command
		}
		reflect.ValueOf(to).Elem().FieldByName(f.Name).Set(b)
	}
}

// TestSameAsExec does the same with exec.Cmd and with Cmd, which has every field of it and
// every method.
func TestSameAsExec(t *testing.T) {
	theirs, ours := reflect.TypeFor[exec.Cmd](), reflect.TypeFor[Cmd]()
	for i := range theirs.NumField() {
		if f := theirs.Field(i); f.IsExported() {
			mine, ok := ours.FieldByName(f.Name)
			require.True(t, ok, f.Name)
			require.Equal(t, f.Type, mine.Type, f.Name)
		}
	}
	for i := range reflect.TypeFor[*exec.Cmd]().NumMethod() {
		m := reflect.TypeFor[*exec.Cmd]().Method(i)
		mine, ok := reflect.TypeFor[*Cmd]().MethodByName(m.Name)
		require.True(t, ok, m.Name)
		require.Equal(t, m.Type.NumIn(), mine.Type.NumIn(), m.Name)
	}
	for _, row := range sameRows(t.TempDir()) {
		t.Run(row.name, func(t *testing.T) {
			if row.since != "" && version.Compare(runtime.Version(), row.since) < 0 {
				t.Skipf("os/exec does so since %s, this is %s", row.since, runtime.Version())
			}
			t.Parallel()
			made := func(ours bool) (text string) {
				defer func() {
					if recover() != nil {
						text = "panic"
					}
				}()
				return row.outcome(row.command(ours))
			}
			want, got := made(false), made(true)
			if row.ours == "" {
				assert.Equal(t, want, got)
				return
			}
			assert.Equal(t, row.ours, got, row.reason)
			assert.NotEqual(t, want, got, "a deviation that is none")
		})
	}
}
