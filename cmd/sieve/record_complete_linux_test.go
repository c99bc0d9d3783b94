// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestRecordLint: what record writes is clean for lint, and the program runs under it, also
// one that was built with Go and does then what its recording did not show.
func TestRecordLint(t *testing.T) {
	commands := map[string]func(t *testing.T) []string{
		"a shell": func(*testing.T) []string { return []string{"sh", "-c", "true; echo $(echo a) | cat >/dev/null"} },
		"cat":     func(*testing.T) []string { return []string{"cat", "/proc/self/status"} },
		"sleep":   func(*testing.T) []string { return []string{"sleep", "0.01"} },
		"git":     func(t *testing.T) []string { return []string{tool(t, "git"), "--version"} },
		"threads": threads,
		"Go": func(*testing.T) []string {
			return []string{"env", "SIEVE_GO_PROGRAM=1", os.Args[0], "-test.run=^TestGoProgram$"}
		},
	}
	for name, command := range commands {
		for _, flags := range [][]string{nil, {"--args"}, {"--runtime", "crun"}} {
			t.Run(fmt.Sprint(name, flags), func(t *testing.T) {
				args := append([]string{"--"}, command(t)...)
				file := filepath.Join(t.TempDir(), "profile.json")
				status, stderr := under(t, nil, append(append([]string{"record", "-o", file}, flags...), args...))
				require.Zero(t, status, stderr)
				got := call(t, "", "lint", file)
				assert.Zero(t, got.status, got.stdout)
				assert.Contains(t, got.stdout, " 0 errors, 0 warnings")
				switch name {
				case "Go":
					args[2] = "SIEVE_GO_PROGRAM=2"
				case "threads":
					args = append(args, "wait")
				}
				status, stderr = under(t, nil, append([]string{"run", "--profile", file}, args...))
				assert.Zero(t, status, stderr)
			})
		}
	}
}

// threads is a program in C that starts a thread and a process. With an argument it has to
// wait for the thread, without one the thread has ended before.
func threads(t *testing.T) []string {
	cc := tool(t, "cc")
	dir := t.TempDir()
	source, program := filepath.Join(dir, "threads.c"), filepath.Join(dir, "threads")
	require.NoError(t, os.WriteFile(source, []byte(`#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static void *start(void *p) { if (p) usleep(50000); return p; }
int main(int n, char **arg) {
	pthread_t t;
	if (pthread_create(&t, 0, start, arg[1])) return 1;
	if (n == 1) usleep(50000);
	if (pthread_join(t, 0)) return 1;
	if (!fork()) _exit(0);
	int status;
	return wait(&status) < 0 || status;
}`), 0o644))
	out, err := exec.Command(cc, "-pthread", "-o", program, source).CombinedOutput()
	if err != nil {
		t.Skipf("cc builds no programs here: %s", out)
	}
	return []string{program}
}

// TestGoProgram is a program of Go's that does nothing, or what makes its runtime call.
func TestGoProgram(t *testing.T) {
	switch os.Getenv("SIEVE_GO_PROGRAM") {
	case "1":
		return
	case "2":
	default:
		t.Skip("run by TestRecordLint")
	}
	stop := make(chan struct{})
	for range 2 {
		go func() {
			for x := 0; ; x++ { // yields only where a signal makes it
				select {
				case <-stop:
					return
				default:
				}
			}
		}()
	}
	for range 5 {
		go runtime.LockOSThread() // the thread ends with it
		_ = make([]byte, 1<<22)
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	close(stop)
}

// TestRecordStop: a program that was recorded while nobody stopped it goes on after
// SIGSTOP and SIGCONT, for which the kernel makes restart_syscall in its name.
func TestRecordStop(t *testing.T) {
	file := filepath.Join(t.TempDir(), "profile.json")
	status, stderr := under(t, nil, []string{"record", "-o", file, "--runtime", "none", "--", "sleep", "0.01"})
	require.Zero(t, status, stderr)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	p, err := profile.Parse(text)
	require.NoError(t, err)
	host, err := profile.Host()
	require.NoError(t, err)
	policy, _, err := p.Resolve(host)
	require.NoError(t, err)
	filter, err := proof.Compile(policy)
	require.NoError(t, err)

	c := launch.Command(filter, "sleep", "1")
	var errors bytes.Buffer
	c.Stderr = &errors
	require.NoError(t, c.Start())
	for !sleeping(c.Process.Pid) {
		time.Sleep(time.Millisecond)
	}
	require.NoError(t, c.Process.Signal(syscall.SIGSTOP))
	var info unix.Siginfo
	require.NoError(t, unix.Waitid(unix.P_PID, c.Process.Pid, &info, unix.WSTOPPED|unix.WEXITED|unix.WNOWAIT, nil))
	require.NoError(t, c.Process.Signal(syscall.SIGCONT))
	assert.NoError(t, c.Wait(), errors.String())
}

// sleeping says whether a process waits in the call that sleep(1) makes, or has ended.
func sleeping(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil || strings.Contains(string(stat), ") Z ") {
		return true
	}
	now, err := os.ReadFile(fmt.Sprintf("/proc/%d/syscall", pid))
	if err != nil { // a kernel that does not tell
		return strings.Contains(string(stat), ") S ")
	}
	for _, name := range []string{"nanosleep", "clock_nanosleep", "clock_nanosleep_time64"} {
		if nr, ok := arch.Native().Number(name); ok && strings.HasPrefix(string(now), fmt.Sprint(nr, " ")) {
			return true
		}
	}
	return false
}
