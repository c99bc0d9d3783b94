// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// TestSignals has a launcher that handles and ignores signals: its child finds
// default handlers, and what is ignored stays so, as with os/exec.
func TestSignals(t *testing.T) {
	handled := make(chan os.Signal, 1)
	signal.Notify(handled, syscall.SIGUSR1)
	signal.Ignore(syscall.SIGUSR2)
	defer signal.Reset(syscall.SIGUSR1, syscall.SIGUSR2)
	script := "grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status"
	want, err := exec.Command("/bin/sh", "-c", script).Output()
	require.NoError(t, err)
	eachWay(t, func(t *testing.T, prepare func(*Cmd) *Cmd) {
		got, err := prepare(Command(rig.Always(seccomp.Allow), "/bin/sh", "-c", script)).Output()
		require.NoError(t, err)
		require.Equal(t, string(want), string(got))
	})
	require.NoError(t, syscall.Kill(os.Getpid(), syscall.SIGUSR1))
	<-handled // still ours
}

// TestDumpable has a child with another identity, which must not change what the
// launcher is.
func TestDumpable(t *testing.T) {
	if !rig.Privileged() {
		t.Log("without privileges there are no other identities")
		return
	}
	before, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	require.NoError(t, err)
	p := rig.Only("getppid", seccomp.Errno(7))
	for _, explain := range []*seccomp.Policy{nil, p} {
		if explain != nil && tooOld(t) {
			continue
		}
		c := Command(rig.Compiled(t, p), "/bin/true")
		c.Supervise = explain
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 1, Gid: 1}}
		require.NoError(t, c.Run())
		after, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
		require.NoError(t, err)
		require.Equal(t, before, after)
	}
}
