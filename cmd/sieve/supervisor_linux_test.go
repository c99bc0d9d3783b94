// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp/notify/handover"
)

// TestRunListener: a profile that names its supervisor's socket has its calls answered
// there, and the child is told apart by the profile's metadata.
func TestRunListener(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	dir := t.TempDir()
	socket := filepath.Join(dir, "supervisor")
	file := filepath.Join(dir, "notify.json")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": %q, "listenerMetadata": "mine",
		"syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}`, socket), 0o644))

	status, stderr := under(t, nil, []string{"run", "--profile", file, "--", "true"})
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, stderr, "listenerPath: ")
	assert.Contains(t, stderr, socket)

	l, err := net.Listen("unix", socket)
	require.NoError(t, err)
	defer l.Close()
	asked := make(chan string, 1)
	go func() {
		defer close(asked)
		conn, err := l.Accept()
		if !assert.NoError(t, err) {
			return
		}
		listener, state, err := handover.Receive(t.Context(), conn.(*net.UnixConn))
		if !assert.NoError(t, err) {
			return
		}
		defer listener.Close()
		assert.Equal(t, "mine", state.Metadata)
		assert.Positive(t, state.PID)
		n, err := listener.Receive(t.Context())
		if !assert.NoError(t, err) {
			return
		}
		path, err := n.ReadString(n.Call.Args[0], 4096)
		assert.NoError(t, err)
		asked <- path
		assert.NoError(t, n.Errno(unix.EROFS))
	}()
	status, stderr = under(t, nil, []string{"run", "--profile", file, "--", "mkdir", dir + "/new"})
	assert.Equal(t, 1, status)
	assert.Contains(t, stderr, "Read-only file system")
	assert.Equal(t, dir+"/new", <-asked)

	status, stderr = under(t, nil, []string{"run", "--explain", "--profile", file, "--", "true"})
	assert.Equal(t, statusFailed, status)
	assert.Contains(t, stderr, "the kernel allows one listener")
}

// TestRunListenerGone: nothing of the command runs where its supervisor cannot take the
// listener, and the command is not said to be missing.
func TestRunListenerGone(t *testing.T) {
	dir := t.TempDir()
	socket, file, ran := filepath.Join(dir, "supervisor"), filepath.Join(dir, "notify.json"), filepath.Join(dir, "ran")
	require.NoError(t, os.WriteFile(file, fmt.Appendf(nil, `{"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": %q,
		"syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}`, socket), 0o644))
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	require.NoError(t, err)
	require.NoError(t, l.Close()) // and whoever connects is refused
	require.NoError(t, os.WriteFile(socket, nil, 0o644))
	for range 10 {
		status, stderr := under(t, nil, []string{"run", "--profile", file, "--", "touch", ran})
		assert.Equal(t, statusFailed, status)
		assert.Contains(t, stderr, "listenerPath: ")
		assert.NoFileExists(t, ran)
	}
}
