// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestInstalled reads a stack of two programs back from a child that runs under it.
func TestInstalled(t *testing.T) {
	kerneltest.Need(t, kerneltest.Tracing)
	deny := func(name string) *Policy {
		return &Policy{Arches: []arch.Arch{arch.Native()}, Default: Allow, Rules: []Rule{{Syscalls: []string{name}, Action: Errno(1)}}}
	}
	filter := compiled(t, deny("mount"), deny("unshare"))
	child := filter.Command("cat")
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	defer child.Wait()
	defer stdin.Close()
	got, err := Installed(t.Context(), child.Process.Pid)
	if os.Getuid() != 0 {
		assert.Error(t, err, "only the privileged may read filters")
		return
	}
	require.NoError(t, err)
	// The test itself may run under filters, which come first.
	require.GreaterOrEqual(t, len(got), len(filter))
	assert.Equal(t, filter, got[len(got)-len(filter):])

	_, err = Installed(t.Context(), 1<<30)
	assert.ErrorIs(t, err, unix.ESRCH)
}

// TestInstalledKeepsSignals: a process that stops because of a signal gets it all the
// same when it goes on.
func TestInstalledKeepsSignals(t *testing.T) {
	kerneltest.Need(t, kerneltest.Tracing)
	child := exec.Command("cat")
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	defer stdin.Close()
	require.NoError(t, child.Start())
	pid := child.Process.Pid
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	require.NoError(t, unix.PtraceSeize(pid))
	require.NoError(t, unix.Kill(pid, unix.SIGTERM))
	require.NoError(t, unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED|unix.WNOWAIT|unix.WALL, nil))
	pending, err := interrupt(t.Context(), pid)
	require.NoError(t, err)
	assert.Equal(t, unix.SIGTERM, pending)
	require.NoError(t, detach(pid, pending))
	stdin.Close() // a lost signal ends the test too, by another status
	var ended *exec.ExitError
	require.ErrorAs(t, child.Wait(), &ended)
	assert.Equal(t, unix.SIGTERM, ended.Sys().(syscall.WaitStatus).Signal())
}

func init() {
	scenes["an uninterruptible sleep"] = func() error {
		fmt.Println(unix.Gettid())
		// A thread that has called vfork sleeps so, until the child ends.
		var p plan
		b := make([]byte, 1)
		const pipe = 4
		p.call(StageFork, "", unix.SYS_READ, pipe, address(&p, &b[0]), 1)
		pid, errno := fork(uintptr(unix.SIGCHLD)|unix.CLONE_VFORK, p.steps, new(report))
		if errno != 0 {
			return errno
		}
		_, err := reap(pid)
		return err
	}
}

// TestInstalledSleeping: a process that cannot stop is not waited for without end, and
// goes on.
func TestInstalledSleeping(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	c := launcherOf(t, "an uninterruptible sleep", "2")
	c.ExtraFiles = append(c.ExtraFiles, r)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	require.NoError(t, r.Close())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	var tid int
	_, err = fmt.Sscan(line, &tid)
	require.NoError(t, err)
	status := func() string {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
		require.NoError(t, err)
		return string(b)
	}
	require.Eventually(t, func() bool { return strings.Contains(status(), "\nState:\tD") }, 30*time.Second, time.Millisecond)

	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err = Installed(ctx, tid)
	if errors.Is(err, unix.EPERM) {
		t.Skip("tracing is forbidden here")
	}
	require.ErrorIs(t, err, context.DeadlineExceeded)
	// The tracer's thread ends a moment later.
	require.Eventually(t, func() bool { return strings.Contains(status(), "\nTracerPid:\t0\n") }, 30*time.Second, time.Millisecond)
	require.Contains(t, status(), "\nState:\tD")
	require.NoError(t, w.Close())
	require.NoError(t, c.Wait(), "it has not gone on")
}
