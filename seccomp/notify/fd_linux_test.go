// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"io"
	"maps"
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/rig"
)

func init() {
	maps.Copy(listening, bare) // for TestListen
	maps.Copy(scenes, bare)
}

// bare are the scenes of supervisors that hold a descriptor and numbers of calls.
var bare = map[string]func() error{
	"a bare descriptor": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), undisturbed(), getppid, getppid, getppid)
		if err != nil {
			return err
		}
		f, err := t.File()
		if err != nil {
			return err
		}
		defer f.Close()
		fd := FD(f.Fd())

		n, err := fd.Receive()
		if err != nil {
			return err
		}
		byID := fd.Notification(n.ID)
		err = errors.Join(
			rig.Equal("call", n.Call.Nr, unix.SYS_GETPPID), rig.Equal("thread", n.PID, t.tid),
			n.Valid(), byID.Valid(), rig.Is("another", fd.Notification(n.ID+1).Valid(), ErrGone),
			byID.Return(5), rig.Equal("first", <-t.results, result{5, 0}),
			rig.Is("answered", byID.Valid(), ErrAnswered), rig.Is("the same", n.Valid(), ErrGone), rig.Is("twice", n.Errno(1), ErrGone))
		if err != nil {
			return err
		}
		received, err := t.receive() // by the Listener
		if err != nil {
			return err
		}
		if err := errors.Join(fd.Notification(received.ID).Errno(7), rig.Equal("second", <-t.results, result{^uintptr(0), 7})); err != nil {
			return err
		}
		if n, err = fd.Receive(); err != nil {
			return err
		}
		err = errors.Join(n.Continue(), rig.Equal("third", (<-t.results).value, uintptr(os.Getppid())))
		_, end := fd.Receive()
		return errors.Join(err, rig.Equal("end", end, io.EOF), t.Close())
	},
}

// TestFDRefuses has descriptors that are none, or another file's. None may wait.
func TestFDRefuses(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	null, err := os.Open("/dev/null")
	require.NoError(t, err)
	defer null.Close()
	for name, tt := range map[string]struct {
		fd   FD
		want syscall.Errno
	}{
		"none":   {-1, syscall.EBADF},
		"closed": {1 << 20, syscall.EBADF},
		"pipe":   {FD(r.Fd()), syscall.ENOTTY},
		"device": {FD(null.Fd()), syscall.ENOTTY},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.fd.Receive()
			require.ErrorIs(t, err, tt.want)
			n := tt.fd.Notification(1)
			for _, err := range []error{n.Valid(), n.Return(0), n.Errno(1), n.Continue()} {
				require.ErrorIs(t, err, tt.want)
				require.NotErrorIs(t, err, ErrGone)
			}
			_, err = n.AddFD(os.Stdin, 0)
			require.ErrorIs(t, err, tt.want)
			_, err = n.PidFD()
			require.ErrorContains(t, err, "not visible")
		})
	}
	_, err = (&Notification{ID: 1}).AddFD(os.Stdin, 0)
	require.ErrorIs(t, err, errNotReceived)
}
