// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"context"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWaitDescendants has a child that leaves a process behind.
func TestWaitDescendants(t *testing.T) {
	if tooOld(t) {
		return
	}
	c := explained(t, only("getppid", Errno(7)), "/bin/sh", "-c", "(read x; sh -c 'echo $PPID') <&3 & exit 0")
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

	without := compiled(t, only("getppid", Errno(7))).Command("/bin/true")
	require.NoError(t, without.Run())
	require.NoError(t, without.WaitDescendants(over), "without Explain")
	nothing := explained(t, only("getppid", KillProcess), "/bin/true")
	require.NoError(t, nothing.Run())
	require.NoError(t, nothing.WaitDescendants(t.Context()), "nothing to carry out")
}
