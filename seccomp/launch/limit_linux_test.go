// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestLimit runs this very test in a process whose soft limit of open files Go
// raises.
func TestLimit(t *testing.T) {
	kerneltest.Need(t, kerneltest.Tracing)
	const inner = "SIEVE_TEST_LIMIT=1"
	if !slices.Contains(os.Environ(), inner) {
		c := exec.Command("/bin/sh", "-c", "ulimit -Sn 123; exec /proc/$PPID/exe -test.run='^TestLimit$' -test.v")
		c.Env = append(os.Environ(), inner)
		out, err := c.CombinedOutput()
		require.NoError(t, err, "%s", out)
		require.Contains(t, string(out), "--- PASS: TestLimit")
		return
	}
	var own unix.Rlimit
	require.NoError(t, unix.Getrlimit(unix.RLIMIT_NOFILE, &own))
	require.Greater(t, own.Cur, uint64(123), "Go has not raised the limit")
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		out, err := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", "ulimit -Sn; ulimit -Hn")).Output()
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("123\n%d\n", own.Max), string(out))
	})
	rig.RequireNoChildren(t)
}
