// SPDX-License-Identifier: Apache-2.0

package handover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
	"github.com/gosieve/sieve/seccomp/notify"
)

// supervised is a shell that waits for a line, asks about its working directory
// and ends with a status.
func supervised(t *testing.T) (*launch.Cmd, io.WriteCloser) {
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow,
		Rules: []seccomp.Rule{{Syscalls: []string{"chdir"}, Action: seccomp.Notify}}}
	filter, err := policy.Compile()
	require.NoError(t, err)
	c := launch.Command(filter, "/bin/sh", "-c", "read x; cd /nowhere 2>/dev/null && exit 7; exit 1")
	c.Listen = true
	in, err := c.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, c.Start())
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		c.Listener.Close()
	})
	return c, in
}

// accept listens at a path and gives the first connection to do.
func accept(t *testing.T, do func(*net.UnixConn)) (path string) {
	path = filepath.Join(t.TempDir(), "socket")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := l.AcceptUnix()
		if err == nil {
			do(conn)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		<-done
	})
	return path
}

// send connects to a path and sends.
func send(ctx context.Context, path string, state *ContainerProcessState, l *notify.Listener) error {
	conn, err := new(net.Dialer).DialContext(ctx, "unix", path)
	if err != nil {
		return err
	}
	defer conn.Close()
	return Send(ctx, conn.(*net.UnixConn), state, l)
}

func soon(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestHandover(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	for name, annotation := range map[string]string{"short": "x", "longer than a socket takes at once": strings.Repeat("x", 900_000)} {
		t.Run(name, func(t *testing.T) {
			c, in := supervised(t)
			state := &ContainerProcessState{OCIVersion: "1.2.0", PID: c.Process.Pid, Metadata: "meta",
				State: State{OCIVersion: "1.2.0", ID: "id", Status: "creating", PID: 5, Bundle: "/b", Annotations: map[string]string{"a": annotation}}}
			type received struct {
				l     *notify.Listener
				state *ContainerProcessState
				err   error
			}
			got := make(chan received, 1)
			path := accept(t, func(conn *net.UnixConn) {
				l, s, err := Receive(soon(t), conn)
				got <- received{l, s, err}
			})
			require.NoError(t, send(soon(t), path, state, c.Listener))
			require.NoError(t, c.Listener.Close())
			r := <-got
			require.NoError(t, r.err)
			defer r.l.Close()
			want := *state
			want.Fds = []string{"seccompFd"}
			require.Equal(t, &want, r.state)

			fmt.Fprintln(in)
			n, err := r.l.Receive(soon(t))
			require.NoError(t, err)
			require.Equal(t, c.Process.Pid, n.PID)
			text, err := n.ReadString(n.Call.Args[0], 4096)
			require.NoError(t, err)
			require.Equal(t, "/nowhere", text)
			require.NoError(t, n.Return(0))
			c.Wait()
			require.Equal(t, 7, c.ProcessState.ExitCode())
			_, err = r.l.Receive(soon(t))
			require.ErrorIs(t, err, io.EOF)
		})
	}
}

// TestReceiveRefuses has messages of those who mean no good.
func TestReceiveRefuses(t *testing.T) {
	c, _ := supervised(t)
	listener, err := c.Listener.File()
	require.NoError(t, err)
	defer listener.Close()
	null, err := os.Open("/dev/null")
	require.NoError(t, err)
	defer null.Close()
	r, w, err := os.Pipe() // its end tells when every duplicate is closed
	require.NoError(t, err)
	defer r.Close()
	l, p, n := int(listener.Fd()), int(w.Fd()), int(null.Fd())
	many := make([]int, 253)
	for i := range many {
		many[i] = p
	}
	type part struct {
		text string
		fds  []int
	}
	const good = `{"ociVersion":"1.2.0","fds":["seccompFd"],"pid":1,"state":{}}`
	tests := map[string]struct {
		parts []part
		is    error
		says  string
	}{
		"nothing":           {nil, ErrProtocol, "state"},
		"no descriptors":    {[]part{{good, nil}}, ErrProtocol, "1 names for 0"},
		"too many":          {[]part{{good, []int{l, p}}}, ErrProtocol, "1 names for 2"},
		"far too many":      {[]part{{good, many}}, ErrProtocol, "1 names for 253"},
		"no names":          {[]part{{`{"pid":1}`, []int{l}}}, ErrProtocol, "0 names for 1"},
		"other name":        {[]part{{`{"fds":["other"]}`, []int{l}}}, ErrProtocol, `no "seccompFd"`},
		"twice":             {[]part{{`{"fds":["seccompFd","seccompFd"]}`, []int{l, p}}}, ErrProtocol, "twice"},
		"a pipe":            {[]part{{good, []int{p}}}, syscall.ENOTTY, "pipe:"},
		"a device":          {[]part{{good, []int{n}}}, syscall.ENOTTY, "/dev/null"},
		"the order matters": {[]part{{`{"fds":["x","seccompFd"]}`, []int{l, p}}}, syscall.ENOTTY, "pipe:"},
		"no JSON":           {[]part{{"hello", []int{p}}}, ErrProtocol, "state"},
		"half of JSON":      {[]part{{good[:20], []int{p}}}, ErrProtocol, "state"},
		"more than JSON":    {[]part{{good + "{}", []int{p}}}, ErrProtocol, "state"},
		"wrong type":        {[]part{{`{"fds":["seccompFd"],"pid":"1"}`, []int{p}}}, ErrProtocol, "state"},
		"later descriptors": {[]part{{good[:5], []int{p}}, {good[5:], []int{p}}}, ErrProtocol, "after the beginning"},
		"too long":          {[]part{{strings.Repeat(" ", maxState+1) + good, []int{p}}}, ErrProtocol, "longer than"},
		"endless":           {[]part{{strings.Repeat("[", 64*maxState), []int{p}}}, ErrProtocol, "longer than"},
		"deep":              {[]part{{strings.Repeat("[", maxState-1), []int{p}}}, ErrProtocol, "state"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			result := make(chan error, 1)
			path := accept(t, func(conn *net.UnixConn) {
				l, _, err := Receive(soon(t), conn)
				if l != nil {
					err = errors.New("a listener")
				}
				result <- err
			})
			conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
			require.NoError(t, err)
			for _, part := range tt.parts {
				n, _, err := conn.WriteMsgUnix([]byte(part.text), syscall.UnixRights(part.fds...), nil)
				if err == nil {
					conn.Write([]byte(part.text)[n:]) // until the other side has had enough
				}
				time.Sleep(20 * time.Millisecond) // parts are not to be joined
			}
			conn.Close()
			err = <-result
			require.ErrorIs(t, err, ErrProtocol)
			require.ErrorIs(t, err, tt.is)
			require.ErrorContains(t, err, tt.says)
		})
	}
	w.Close()
	require.NoError(t, r.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, err = r.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "a descriptor was left open")
}

func TestReceiveIgnores(t *testing.T) {
	c, _ := supervised(t)
	listener, err := c.Listener.File()
	require.NoError(t, err)
	defer listener.Close()
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	result := make(chan error, 1)
	path := accept(t, func(conn *net.UnixConn) {
		l, state, err := Receive(soon(t), conn)
		if err == nil {
			err = errors.Join(l.Close())
			if state.PID != 7 {
				err = fmt.Errorf("%+v", state)
			}
		}
		result <- err
	})
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	_, _, err = conn.WriteMsgUnix([]byte(`{"fds":["new","seccompFd"],"later":[{}],"pid":7}`),
		syscall.UnixRights(int(w.Fd()), int(listener.Fd())), nil)
	require.NoError(t, err)
	conn.Close()
	require.NoError(t, <-result)
	w.Close()
	require.NoError(t, r.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, err = r.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF, "the unknown descriptor was left open")
}

func TestContexts(t *testing.T) {
	c, _ := supervised(t)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	path := accept(t, func(conn *net.UnixConn) {
		_, _, err := Receive(cancelled, conn)
		require.ErrorIs(t, err, context.Canceled)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		_, _, err = Receive(ctx, conn) // nobody writes
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	conn, err := net.Dial("unix", path)
	require.NoError(t, err)
	defer conn.Close()
	state := &ContainerProcessState{}
	require.ErrorIs(t, Send(cancelled, conn.(*net.UnixConn), state, c.Listener), context.Canceled)

	// Nobody reads.
	stuck := filepath.Join(t.TempDir(), "stuck")
	l, err := net.Listen("unix", stuck)
	require.NoError(t, err)
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	state.Metadata = strings.Repeat("x", maxState-1000)
	require.ErrorIs(t, send(ctx, stuck, state, c.Listener), context.DeadlineExceeded)
}

func TestSendRefuses(t *testing.T) {
	c, _ := supervised(t)
	state := &ContainerProcessState{}
	path := accept(t, func(conn *net.UnixConn) {
		b, err := io.ReadAll(conn)
		require.NoError(t, err)
		require.Empty(t, b, "a part of a message")
	})
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	require.ErrorIs(t, Send(t.Context(), nil, state, c.Listener), os.ErrInvalid)
	require.ErrorIs(t, Send(t.Context(), conn, nil, c.Listener), ErrProtocol)
	state.Fds = []string{"seccompFd", "more"}
	require.ErrorIs(t, Send(t.Context(), conn, state, c.Listener), ErrProtocol)
	state.Fds, state.Metadata = nil, strings.Repeat("x", maxState)
	require.ErrorIs(t, Send(t.Context(), conn, state, c.Listener), ErrProtocol)
	state.Metadata = ""
	require.ErrorIs(t, Send(t.Context(), conn, state, nil), os.ErrClosed)
	require.NoError(t, conn.Close())
	require.ErrorIs(t, Send(t.Context(), conn, state, c.Listener), net.ErrClosed)
	require.NoError(t, c.Listener.Close())
	require.ErrorIs(t, Send(t.Context(), conn, state, c.Listener), os.ErrClosed)
}
