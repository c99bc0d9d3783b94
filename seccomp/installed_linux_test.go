// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/kerneltest"
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
	got, err := Installed(child.Process.Pid)
	if os.Getuid() != 0 {
		assert.Error(t, err, "only the privileged may read filters")
		return
	}
	require.NoError(t, err)
	// The test itself may run under filters, which come first.
	require.GreaterOrEqual(t, len(got), len(filter))
	assert.Equal(t, filter, got[len(got)-len(filter):])

	_, err = Installed(1 << 30)
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
	pending, err := interrupt(pid)
	require.NoError(t, err)
	assert.Equal(t, unix.SIGTERM, pending)
	detach(pid, pending)
	stdin.Close() // a lost signal ends the test too, by another status
	var ended *exec.ExitError
	require.ErrorAs(t, child.Wait(), &ended)
	assert.Equal(t, unix.SIGTERM, ended.Sys().(syscall.WaitStatus).Signal())
}
