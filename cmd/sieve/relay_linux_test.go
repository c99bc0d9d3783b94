// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	ossignal "os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/marathon"
	"golang.org/x/sys/unix"
)

// TestMain makes the test binary sieve itself, with arguments of their own a line each,
// or a command that says which signals it gets.
func TestMain(m *testing.M) {
	if args, ok := os.LookupEnv("SIEVE_TEST_ARGS"); ok {
		os.Unsetenv("SIEVE_TEST_ARGS")
		os.Args = append([]string{"sieve"}, strings.Split(args, "\n")...)
		main()
	}
	if os.Args[0] == marathon.WatcherName {
		main()
		os.Exit(0)
	}
	if os.Getenv("SIEVE_TEST_SIGNALLED") != "" {
		signalled()
		os.Exit(0)
	}
	// What the tests start would inherit signals that they were started with ignored, as
	// under nohup; those that have a handler get their default where a program is executed.
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGINT} {
		if ossignal.Ignored(s) {
			ossignal.Notify(make(chan os.Signal, 1), s)
		}
	}
	os.Exit(m.Run())
}

// itself is a process of this test binary that is sieve.
func itself(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "SIEVE_TEST_ARGS="+strings.Join(args, "\n"))
	return cmd
}

// signalled writes each signal that it gets, until the last one comes. It leaves those
// alone that are ignored, like every polite program.
func signalled() {
	signals := make(chan os.Signal, 100)
	ignored := ignored()
	for s := syscall.Signal(1); s <= maxSignal; s++ {
		switch {
		case unhandled(s):
		case ignored[s]:
			ossignal.Ignore(s) // the runtime has a handler
		default:
			ossignal.Notify(signals, s)
		}
	}
	fmt.Println("ready")
	for s := range signals {
		if _, err := fmt.Println(int(s.(syscall.Signal))); err != nil || s == last {
			return
		}
	}
}

// last is sent to sieve alone and ends the command. Signals that wait come in the order
// of their numbers, and this is the highest: what has not come before it never will.
const last = syscall.Signal(maxSignal)

// limit ends what waits for a signal that never comes.
const limit = time.Minute

// pty is a terminal.
type pty struct{ master, slave *os.File }

func newPty(t *testing.T) *pty {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals: ", err)
	}
	t.Cleanup(func() { master.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudo-terminals: ", err)
	}
	t.Cleanup(func() { slave.Close() })
	go bufio.NewReader(master).WriteTo(nothing{}) // what is echoed
	return &pty{master, slave}
}

type nothing struct{}

func (nothing) Write(b []byte) (int, error) { return len(b), nil }

// job is sieve with a command that says which signals it gets.
type job struct {
	*exec.Cmd
	out *bufio.Scanner
}

// start starts sieve on a terminal, in its foreground, or without one.
func (tt *relayTest) start(t *testing.T, p *pty, args ...string) *job {
	args = append(args, "--")
	if tt.own {
		args = append(args, tool(t, "setsid"), "--wait")
	}
	cmd := itself(append(args, "env", "SIEVE_TEST_SIGNALLED=1", os.Args[0])...)
	if len(tt.ignored) > 0 {
		cmd = exec.Command("sh", "-c", "trap '' "+strings.Join(tt.ignored, " ")+`; exec "$0"`, os.Args[0])
		cmd.Env = append(os.Environ(), "SIEVE_TEST_ARGS="+strings.Join(append(args, "env", "SIEVE_TEST_SIGNALLED=1", os.Args[0]), "\n"))
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if p != nil {
		cmd.Stdin, cmd.Stderr = p.slave, p.slave
		cmd.SysProcAttr.Setctty = true
	}
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	end := func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	late := time.AfterFunc(limit, end) // a signal that never comes
	t.Cleanup(func() { late.Stop(); end(); cmd.Wait() })
	j := &job{cmd, bufio.NewScanner(out)}
	require.True(t, j.out.Scan(), "no command")
	require.Equal(t, "ready", j.out.Text())
	return j
}

// relayTest is a way for signals to come. Got is which the command gets, and how often.
type relayTest struct {
	terminal bool
	ignored  []string
	own      bool // the command makes a process group of its own
	send     func(t *testing.T, p *pty, j *job)
	got      []syscall.Signal
}

func alone(list ...syscall.Signal) func(*testing.T, *pty, *job) {
	return func(t *testing.T, _ *pty, j *job) {
		for _, s := range list {
			require.NoError(t, j.Process.Signal(s))
		}
	}
}

func group(s syscall.Signal) func(*testing.T, *pty, *job) {
	return func(t *testing.T, _ *pty, j *job) { require.NoError(t, syscall.Kill(-j.Process.Pid, s)) }
}

// key presses keys, and returns when the terminal has sent their signals.
func key(keys string) func(*testing.T, *pty, *job) {
	return func(t *testing.T, p *pty, _ *job) {
		_, err := p.master.WriteString(keys + "\n")
		require.NoError(t, err)
		_, err = p.slave.Read(make([]byte, 1))
		require.NoError(t, err)
	}
}

func resize(t *testing.T, p *pty, _ *job) {
	require.NoError(t, unix.IoctlSetWinsize(int(p.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 11, Col: 12}))
}

// TestRelay: the command gets each signal once that it would get without sieve, or that
// is sent to sieve alone, whatever the signal and wherever it is from.
func TestRelay(t *testing.T) {
	const rt = syscall.Signal(44)
	tests := map[string]relayTest{
		"Ctrl-C":               {terminal: true, send: key("\x03"), got: []syscall.Signal{syscall.SIGINT}},
		"Ctrl-\\":              {terminal: true, send: key("\x1c"), got: []syscall.Signal{syscall.SIGQUIT}},
		"a window's size":      {terminal: true, send: resize, got: []syscall.Signal{syscall.SIGWINCH}},
		"INT, sent":            {terminal: true, send: alone(syscall.SIGINT), got: []syscall.Signal{syscall.SIGINT}},
		"QUIT, sent":           {terminal: true, send: alone(syscall.SIGQUIT), got: []syscall.Signal{syscall.SIGQUIT}},
		"HUP, sent":            {terminal: true, send: alone(syscall.SIGHUP), got: []syscall.Signal{syscall.SIGHUP}},
		"WINCH, sent":          {terminal: true, send: alone(syscall.SIGWINCH), got: []syscall.Signal{syscall.SIGWINCH}},
		"CONT, sent":           {terminal: true, send: alone(syscall.SIGCONT), got: []syscall.Signal{syscall.SIGCONT}},
		"TSTP, sent":           {terminal: true, send: alone(syscall.SIGTSTP), got: []syscall.Signal{syscall.SIGTSTP}},
		"TERM to the group":    {terminal: true, send: group(syscall.SIGTERM), got: []syscall.Signal{syscall.SIGTERM}},
		"INT to the group":     {terminal: true, send: group(syscall.SIGINT), got: []syscall.Signal{syscall.SIGINT}},
		"HUP to the group":     {terminal: true, send: group(syscall.SIGHUP), got: []syscall.Signal{syscall.SIGHUP}},
		"two to the group":     {terminal: true, send: both, got: []syscall.Signal{syscall.SIGHUP, syscall.SIGINT}},
		"a group of its own":   {terminal: true, own: true, send: group(syscall.SIGUSR1), got: []syscall.Signal{syscall.SIGUSR1}},
		"INT, no terminal":     {send: alone(syscall.SIGINT), got: []syscall.Signal{syscall.SIGINT}},
		"real time":            {send: alone(rt), got: []syscall.Signal{rt}},
		"alarm":                {send: alone(syscall.SIGALRM), got: []syscall.Signal{syscall.SIGALRM}},
		"WINCH, no terminal":   {send: alone(syscall.SIGWINCH), got: []syscall.Signal{syscall.SIGWINCH}},
		"CONT, no terminal":    {send: alone(syscall.SIGCONT), got: []syscall.Signal{syscall.SIGCONT}},
		"nohup":                {terminal: true, ignored: []string{"HUP"}, send: alone(syscall.SIGHUP)},
		"nohup, a hangup":      {terminal: true, ignored: []string{"HUP"}, send: group(syscall.SIGHUP)},
		"a background job":     {terminal: true, ignored: []string{"INT", "QUIT"}, send: key("\x03\x1c")},
		"twice the same key":   {terminal: true, send: twice("\x03"), got: []syscall.Signal{syscall.SIGINT}},
		"a key, then sent":     {terminal: true, send: keyThenSent, got: []syscall.Signal{syscall.SIGINT}},
		"a hangup, no ignored": {send: alone(syscall.SIGHUP), got: []syscall.Signal{syscall.SIGHUP}},
	}
	ways := map[string][]string{
		"run":        {"run"},
		"explain":    {"run", "--explain"},
		"record":     {"record", "--runtime", "none", "-o", filepath.Join(t.TempDir(), "profile.json")},
		"unconfined": {"run", "--profile", "unconfined"},
	}
	for name, tt := range tests {
		for way, args := range ways {
			if testing.Short() && way != "run" {
				continue
			}
			t.Run(name+", "+way, func(t *testing.T) {
				var p *pty
				if tt.terminal {
					p = newPty(t)
				}
				j := tt.start(t, p, args...)
				tt.send(t, p, j)
				j.gets(t, tt.got...)
				require.NoError(t, j.Process.Signal(last))
				j.gets(t, last)
				assert.NoError(t, j.Wait())
			})
		}
	}
}

// twice presses a key again once both have noticed the first.
func twice(keys string) func(*testing.T, *pty, *job) {
	return func(t *testing.T, p *pty, j *job) {
		key(keys)(t, p, j)
		j.noticed(t, syscall.SIGINT)
		key(keys)(t, p, j)
	}
}

func keyThenSent(t *testing.T, p *pty, j *job) {
	key("\x03")(t, p, j)
	j.noticed(t, syscall.SIGINT)
	alone(syscall.SIGINT)(t, p, j)
}

func both(t *testing.T, p *pty, j *job) {
	group(syscall.SIGHUP)(t, p, j)
	group(syscall.SIGINT)(t, p, j)
}

// TestJobControl: a job that Ctrl-Z stops is sieve and the command, and goes on with both.
func TestJobControl(t *testing.T) {
	p := newPty(t)
	cmd := exec.Command("sh", "-c", `set -m; "$0"; echo "stopped $?"; read go; fg >/dev/null; echo "ended $?"`, os.Args[0])
	cmd.Env = append(os.Environ(), "SIEVE_TEST_ARGS="+strings.Join([]string{"run", "--", "env", "SIEVE_TEST_SIGNALLED=1", os.Args[0]}, "\n"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	cmd.Stdin, cmd.Stderr = p.slave, p.slave
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(out)
	says := func(want ...string) {
		t.Helper()
		var got []string
		for range want {
			require.True(t, lines.Scan(), "want %v", want)
			got = append(got, lines.Text())
		}
		require.ElementsMatch(t, want, got)
	}
	late := time.AfterFunc(limit, func() { cmd.Process.Kill() }) // the terminal's end is the others'
	t.Cleanup(func() { late.Stop(); cmd.Process.Kill(); cmd.Wait() })
	says("ready")
	job, err := unix.IoctlGetInt(int(p.master.Fd()), unix.TIOCGPGRP)
	require.NoError(t, err)
	t.Cleanup(func() { syscall.Kill(-job, syscall.SIGKILL) })
	_, err = p.master.WriteString("\x1a")
	require.NoError(t, err)
	says("20", "stopped 147")             // SIGTSTP; 128 + SIGSTOP
	_, err = p.master.WriteString("go\n") // only now, as SIGCONT takes back a SIGTSTP that waits
	require.NoError(t, err)
	says("18") // SIGCONT
	require.NoError(t, syscall.Kill(job, last))
	says("64", "ended 0")
}

// noticed waits until the command has got a signal and sieve is done with it.
func (j *job) noticed(t *testing.T, s syscall.Signal) {
	j.gets(t, s)
	require.NoError(t, j.Process.Signal(syscall.SIGUSR1))
	j.gets(t, syscall.SIGUSR1)
}

// gets waits for signals, which may come in any order.
func (j *job) gets(t *testing.T, want ...syscall.Signal) {
	t.Helper()
	var got []syscall.Signal
	for range want {
		require.True(t, j.out.Scan(), "the command has ended")
		n, err := strconv.Atoi(j.out.Text())
		require.NoError(t, err)
		got = append(got, syscall.Signal(n))
	}
	require.ElementsMatch(t, want, got)
}

// TestIgnored: a signal that was ignored when sieve started is ignored in the command,
// and sieve itself does not die of it. Without a symbol table that holds of fewer.
func TestIgnored(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build sieve with: ", err)
	}
	dir := t.TempDir()
	ways := map[string]string{
		"run":        "run",
		"explain":    "run --explain",
		"record":     "record --runtime none -o " + dir + "/profile.json",
		"unconfined": "run --profile unconfined",
	}
	few := []syscall.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTSTP}
	all := append([]syscall.Signal{syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGPIPE, syscall.SIGUSR1, syscall.SIGALRM, syscall.SIGWINCH, 44}, few...)
	const whole, stripped, pie = "-ldflags=", "-ldflags=-s", "-buildmode=pie"
	tests := map[string]struct {
		build         string
		ignored, want []syscall.Signal
	}{
		"none":                    {build: whole},
		"all":                     {whole, all, all},
		"one alone":               {whole, []syscall.Signal{syscall.SIGINT}, []syscall.Signal{syscall.SIGINT}},
		"position-independent":    {pie, all, all},
		"stripped":                {stripped, few, append(few, syscall.SIGQUIT)},
		"stripped, a hangup only": {stripped, few[:1], few[:1]},
	}
	for name, tt := range tests {
		if tt.build == pie && os.Getenv("CI") == "" {
			t.Log(name + ": not tried, it compiles the standard library anew; .ci/run does")
			continue
		}
		sieve := filepath.Join(dir, "sieve"+tt.build)
		if _, err := os.Stat(sieve); err != nil {
			out, err := exec.Command("go", "build", tt.build, "-o", sieve, ".").CombinedOutput()
			require.NoError(t, err, "%s", out)
		}
		for way, args := range ways {
			t.Run(name+", "+way, func(t *testing.T) {
				script, want := "", uint64(0)
				for _, s := range tt.ignored {
					script += fmt.Sprintf("trap '' %d; ", s)
				}
				for _, s := range tt.want {
					want |= 1 << (s - 1)
				}
				script += "exec " + sieve + " " + args + ` -- sh -c "$0"`
				command := "grep SigIgn /proc/self/status"
				for _, s := range tt.want {
					command = fmt.Sprintf("kill -%d $PPID; ", s) + command
				}
				ctx, stop := context.WithTimeout(t.Context(), limit)
				defer stop()
				cmd := exec.CommandContext(ctx, "sh", "-c", script, command)
				cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // for no other to hear of them
				got, err := cmd.Output()
				require.NoError(t, err, "%s", got)
				assert.Equal(t, want, statusMask(append([]byte{'\n'}, got...), "SigIgn:")&^uint64(1<<(syscall.SIGCHLD-1)))
			})
		}
	}
}
