// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch/internal/child"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestInstalledSleeping: a process that cannot stop is not waited for without end, and
// goes on.
func TestInstalledSleeping(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	c := rig.LauncherOf(t, "an uninterruptible sleep", "2")
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
	_, err = seccomp.Installed(ctx, tid)
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

func init() {
	scenes["an uninterruptible sleep"] = func() error {
		fmt.Println(unix.Gettid())
		// A thread that has called vfork sleeps so, until the child ends.
		var p plan
		b := make([]byte, 1)
		const pipe = 4
		p.addCall(StageFork, "", unix.SYS_READ, pipe, address(&p, &b[0]), 1)
		pid, errno := child.Fork(uintptr(unix.SIGCHLD)|unix.CLONE_VFORK, p.steps, new(child.Report))
		if errno != 0 {
			return errno
		}
		_, err := reap(pid)
		return err
	}
}
