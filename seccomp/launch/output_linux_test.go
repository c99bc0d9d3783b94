// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

func TestOutputs(t *testing.T) {
	c := Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "echo out; echo err >&2; exit 3")
	out, err := c.Output()
	var e *exec.ExitError
	require.ErrorAs(t, err, &e)
	require.Equal(t, 3, e.ExitCode())
	require.Equal(t, "out\n", string(out))
	require.Equal(t, "err\n", string(e.Stderr))
	// One writer for both is written to by one goroutine only.
	var both bytes.Buffer
	c = Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "echo out; echo err >&2")
	c.Stdout, c.Stderr = &both, &both
	require.NoError(t, c.Run())
	require.Equal(t, "out\nerr\n", both.String())
	// A child that does not read is no error.
	c = Command(rig.Always(seccomp.Allow), "/bin/true")
	c.Stdin = bytes.NewReader(make([]byte, 1<<20))
	require.NoError(t, c.Run())
}
