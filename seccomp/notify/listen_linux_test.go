// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"maps"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

func init() {
	maps.Copy(listening, installing) // for TestListen
	maps.Copy(scenes, installing)
}

// installing are the scenes of threads that filter themselves.
var installing = map[string]func() error{
	"a second listener": func() error {
		refused := make(chan error, 1)
		_, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, func() (uintptr, syscall.Errno) {
			_, err := Listen(rig.Asking(unix.SYS_GETPPID), 0)
			refused <- err
			return 0, 0
		})
		return errors.Join(err, rig.Is("second", <-refused, syscall.EBUSY))
	},
	"stack": func() error {
		f := seccomp.Filter{rig.Denying(unix.SYS_GETPGID, seccomp.Errno(11)), rig.Asking(unix.SYS_GETPPID)[0], rig.Denying(unix.SYS_GETUID, seccomp.Errno(12))}
		flags := seccomp.NewListener // which says nothing new, and the others of the stack do not get
		if rig.KernelIs(5, 19) {
			flags |= seccomp.WaitKillable // neither do they this one
		}
		t, err := supervised(f, flags, getppid,
			func() (uintptr, syscall.Errno) { r, _, e := unix.Syscall(unix.SYS_GETPGID, 0, 0, 0); return r, e },
			func() (uintptr, syscall.Errno) { r, _, e := unix.Syscall(unix.SYS_GETUID, 0, 0, 0); return r, e })
		if err != nil {
			return err
		}
		r, err := t.next(func(n *Notification) error { return n.Return(3) })
		return errors.Join(err, rig.Equal("asked", r, result{3, 0}),
			rig.Equal("before", (<-t.results).errno, 11), rig.Equal("behind", (<-t.results).errno, 12))
	},
	"a stack that fails": func() error {
		result := make(chan error, 1)
		_, err := supervised(rig.Always(seccomp.Allow), 0)
		if err = rig.Fails(err, "want one program that answers USER_NOTIF", seccomp.ErrFilter); err != nil {
			return err
		}
		go func() {
			runtime.LockOSThread()
			if err := seccomp.NoNewPrivs(); err != nil {
				result <- err
				return
			}
			fd, err := Listen(seccomp.Filter{rig.Asking(unix.SYS_GETPPID)[0], rig.Unforeseen(unix.SYS_SECCOMP, seccomp.Errno(1)), rig.Always(seccomp.Allow)[0]}, 0)
			unix.Close(int(fd))
			_, errno := getppid()
			result <- errors.Join(rig.Is("listen", err, syscall.EPERM), rig.Equal("asks", errno, syscall.ENOSYS),
				rig.Equal("says", strings.Contains(err.Error(), "program 3 of 3 (2 in force)"), true))
		}()
		return <-result
	},
}

// TestListenRefuses has filters that are refused before anything is installed.
func TestListenRefuses(t *testing.T) {
	notify := rig.Asking(1)[0]
	computes := bpf.Program{{Op: 0x20}, {Op: 0x16}}
	flag := uint64(seccomp.NewListener)
	listenerless := rig.Compiled(t, rig.Only("seccomp", seccomp.Errno(1), seccomp.Arg{Index: 1, Op: seccomp.MaskedEQ, Value: flag, Mask: flag}))[0]
	for name, tt := range map[string]struct {
		filter seccomp.Filter
		flags  seccomp.Flags
		is     error
		says   string
	}{
		"no programs":                   {seccomp.Filter{}, 0, seccomp.ErrFilter, "no programs"},
		"asks nobody":                   {rig.Always(seccomp.Allow), 0, seccomp.ErrFilter, "want one program that answers USER_NOTIF: 0 of 1"},
		"asks twice":                    {seccomp.Filter{notify, notify}, 0, seccomp.ErrFilter, "want one program that answers USER_NOTIF: 2 of 2"},
		"two compute":                   {seccomp.Filter{computes, computes}, 0, seccomp.ErrFilter, "want one program that answers USER_NOTIF: 2 of 2"},
		"invalid program":               {seccomp.Filter{{{Op: 0x06}, {Op: 0x00}}}, 0, bpf.ErrInvalid, "program 1 of 1"},
		"threads that differ":           {rig.Asking(1), seccomp.TSync, nil, "TSYNC_ESRCH"},
		"denies the next":               {seccomp.Filter{rig.Denying(unix.SYS_SECCOMP, seccomp.Notify), rig.Always(seccomp.Allow)[0]}, 0, seccomp.ErrFilter, "program 2 of 2"},
		"denies a listener to the next": {seccomp.Filter{listenerless, notify}, 0, seccomp.ErrFilter, "program 2 of 2"},
	} {
		t.Run(name, func(t *testing.T) {
			fd, err := Listen(tt.filter, tt.flags)
			require.Equal(t, FD(-1), fd)
			require.ErrorContains(t, err, tt.says)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
		})
	}
	rig.RequireFree(t)
}
