// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"context"
	"io"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

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
