// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"context"
	"os"
	"testing"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/stretchr/testify/require"
)

// TestWaitDescendants has a child that leaves a process behind.
func TestWaitDescendants(t *testing.T) {
	if tooOld(t) {
		return
	}
	c := explained(t, rig.Only("getppid", seccomp.Errno(7)), "/bin/sh", "-c", "(read x; sh -c 'echo $PPID') <&3 & exit 0")
	r, w, err := os.Pipe()
	require.NoError(t, err)
	c.ExtraFiles = []*os.File{r}
	require.NoError(t, c.WaitDescendants(t.Context()), "not started")
	require.NoError(t, c.Run())
	r.Close()
	over, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, c.WaitDescendants(over), context.Canceled)
	w.Close()
	require.NoError(t, c.WaitDescendants(t.Context()))
	require.NoError(t, c.WaitDescendants(t.Context()), "twice")
	require.Equal(t, []string{"getppid ERRNO(7) by 1/0 x2"}, short(c.Denials()))

	without := Command(rig.Compiled(t, rig.Only("getppid", seccomp.Errno(7))), "/bin/true")
	require.NoError(t, without.Run())
	require.NoError(t, without.WaitDescendants(over), "without Supervise")
	nothing := explained(t, rig.Only("getppid", seccomp.KillProcess), "/bin/true")
	require.NoError(t, nothing.Run())
	require.NoError(t, nothing.WaitDescendants(t.Context()), "nothing to carry out")
}
