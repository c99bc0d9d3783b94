// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestInstalled reads a stack of two programs back from a child that runs under it.
func TestInstalled(t *testing.T) {
	kerneltest.Need(t, kerneltest.Tracing)
	deny := func(name string) *seccomp.Policy {
		return &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: []string{name}, Action: seccomp.Errno(1)}}}
	}
	filter := rig.Compiled(t, deny("mount"), deny("unshare"))
	child := launch.Command(filter, "cat")
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	defer child.Wait()
	defer stdin.Close()
	got, err := seccomp.Installed(t.Context(), child.Process.Pid)
	if os.Getuid() != 0 {
		assert.Error(t, err, "only the privileged may read filters")
		return
	}
	require.NoError(t, err)
	// The test itself may run under filters, which come first.
	require.GreaterOrEqual(t, len(got), len(filter))
	assert.Equal(t, filter, got[len(got)-len(filter):])

	_, err = seccomp.Installed(t.Context(), 1<<30)
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
	pending, err := seccomp.Interrupt(t.Context(), pid)
	require.NoError(t, err)
	assert.Equal(t, unix.SIGTERM, pending)
	require.NoError(t, system.Detach(pid, pending))
	stdin.Close() // a lost signal ends the test too, by another status
	var ended *exec.ExitError
	require.ErrorAs(t, child.Wait(), &ended)
	assert.Equal(t, unix.SIGTERM, ended.Sys().(syscall.WaitStatus).Signal())
}
