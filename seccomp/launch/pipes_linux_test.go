// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

func TestPipes(t *testing.T) {
	c := Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "read x; echo out $x; echo err >&2")
	in, err := c.StdinPipe()
	require.NoError(t, err)
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	errs, err := c.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	_, err = io.WriteString(in, "word\n")
	require.NoError(t, err)
	require.NoError(t, in.Close())
	require.NoError(t, in.Close())
	b, err := io.ReadAll(out)
	require.NoError(t, err)
	require.Equal(t, "out word\n", string(b))
	b, err = io.ReadAll(errs)
	require.NoError(t, err)
	require.Equal(t, "err\n", string(b))
	require.NoError(t, c.Wait())
	require.ErrorContains(t, c.Wait(), "already called")
	require.ErrorContains(t, c.Start(), "already started")
}
