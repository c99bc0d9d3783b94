// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"errors"
	"os"
	"runtime"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/features"
	"github.com/gosieve/sieve/seccomp/notify"
)

// TestLoad filters a thread that is never used again: its goroutine ends locked.
func TestLoad(t *testing.T) {
	getppid := Call{Name: "getppid", Action: seccomp.Errno(eperm)}
	fd, errno := load(t, getppid)
	assert.Equal(t, -1, fd)
	assert.Equal(t, syscall.EPERM, errno)

	kernel, err := features.Probe()
	require.NoError(t, err)
	if kernel.Kernel < 5<<8 {
		t.Skip("listeners need Linux 5.0")
	}
	getppid.Action = seccomp.Notify
	fd, errno = load(t, getppid)
	assert.GreaterOrEqual(t, fd, 0)
	assert.Equal(t, syscall.ENOLINK, errno)
}

// load is what the call that a rule is about returns under it. If the rule asks, a goroutine
// answers.
func load(t *testing.T, rule Call) (fd int, errno syscall.Errno) {
	filter, err := Container(nil, seccomp.Allow, rule)
	require.NoError(t, err)
	loaded, done := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()
		if err := seccomp.NoNewPrivs(); err != nil {
			loaded <- err
			return
		}
		fd, err = Load(filter, 0)
		loaded <- err
		if err == nil {
			_, _, errno = syscall.Syscall(syscall.SYS_GETPPID, 0, 0, 0)
		}
	}()
	require.NoError(t, <-loaded)
	if fd >= 0 {
		listener := notify.FD(fd)
		n, err := listener.Receive()
		require.NoError(t, err)
		require.NoError(t, errors.Join(n.Errno(syscall.ENOLINK), os.NewFile(uintptr(fd), "listener").Close()))
	}
	<-done
	return fd, errno
}
