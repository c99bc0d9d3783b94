// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
)

func TestMain(m *testing.M) { kerneltest.Main(m, nil, loading) }

// TestLoad loads filters, each in a process of its own.
func TestLoad(t *testing.T) {
	kerneltest.Need(t, kerneltest.Unfiltered)
	rig.RunScenes(t, loading)
}

// native is a filter of the machine's ABI whose rules give calls actions.
func native(rules map[string]ScmpAction) (*ScmpFilter, error) {
	f, err := NewFilter(ActAllow)
	for name, action := range rules {
		nr, unknown := GetSyscallFromName(name)
		err = errors.Join(err, unknown)
		if err == nil {
			err = f.AddRule(nr, action)
		}
	}
	return f, err
}

// onEveryThread says whether getppid fails with an errno on this thread and on another.
func onEveryThread(want syscall.Errno) error {
	begun, other := make(chan bool), make(chan syscall.Errno)
	go func() { // not on this thread, to which a scene is locked
		<-begun
		_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		other <- errno
	}()
	_, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
	begun <- true
	return errors.Join(rig.Equal("here", errno, want), rig.Equal("elsewhere", <-other, want))
}

var loading = map[string]func() error{
	"all threads": func() error {
		f, err := native(map[string]ScmpAction{"getppid": ActErrno.SetReturnCode(7)})
		if err != nil {
			return err
		}
		return errors.Join(f.Load(), onEveryThread(7))
	},
	"all threads after a reset": func() error {
		f, err := native(nil)
		if err != nil {
			return err
		}
		err = errors.Join(f.Reset(ActAllow), f.AddRule(unix.SYS_GETPPID, ActErrno.SetReturnCode(7)), f.Load())
		return errors.Join(err, onEveryThread(7))
	},
	"rules after loading": func() error {
		f, err := native(map[string]ScmpAction{"getpgid": ActErrno.SetReturnCode(7)})
		if err != nil {
			return err
		}
		err = errors.Join(f.Load(), onEveryThread(0))
		return errors.Join(err, f.AddRule(unix.SYS_GETPPID, ActErrno.SetReturnCode(8)), f.Load(), onEveryThread(8))
	},
	"a second listener": func() error {
		if notifSupported() != nil {
			return nil
		}
		first, err := native(map[string]ScmpAction{"getppid": ActNotify})
		second, err2 := native(map[string]ScmpAction{"getpgid": ActNotify})
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		err = errors.Join(first.Load(), second.SetRawRC(false), rig.Is("cancelled", second.Load(), syscall.ECANCELED))
		err = errors.Join(err, second.SetRawRC(true), rig.Is("raw", second.Load(), syscall.EBUSY))
		fd, err2 := first.GetNotifFd()
		none, err3 := second.GetNotifFd()
		if fd < 3 {
			err = errors.Join(err, fmt.Errorf("listener %d", fd))
		}
		return errors.Join(err, err2, err3, rig.Equal("second", none, -1))
	},
	"a listener no more": func() error {
		if notifSupported() != nil {
			return nil
		}
		f, err := native(map[string]ScmpAction{"getppid": ActNotify})
		if err != nil {
			return err
		}
		err = errors.Join(f.Load(), f.Reset(ActAllow), f.Load())
		fd, err2 := f.GetNotifFd()
		return errors.Join(err, err2, rig.Equal("listener", fd, -1))
	},
	"an answer that is no errno": func() error {
		if notifSupported() != nil {
			return nil
		}
		f, err := native(map[string]ScmpAction{"getppid": ActNotify})
		if err != nil {
			return err
		}
		err = f.Load()
		fd, err2 := f.GetNotifFd()
		result := make(chan syscall.Errno)
		go func() {
			_, _, errno := unix.Syscall(unix.SYS_GETPPID, 0, 0, 0)
			result <- errno
		}()
		req, err3 := NotifReceive(fd)
		if err := errors.Join(err, err2, err3); err != nil {
			return err
		}
		for _, none := range []int32{-1, 4096, 1<<31 - 1, -1 << 31} {
			err = errors.Join(err, rig.Is("none", NotifRespond(fd, &ScmpNotifResp{ID: req.ID, Error: none}), syscall.ECANCELED))
		}
		err = errors.Join(err, NotifIDValid(fd, req.ID), NotifRespond(fd, &ScmpNotifResp{ID: req.ID, Error: 7}))
		return errors.Join(err, rig.Equal("errno", <-result, 7))
	},
	"no listener for a call that the ABI lacks": func() error {
		f, err := NewFilter(ActAllow)
		if err != nil || notifSupported() != nil {
			return err
		}
		lacking, err := GetSyscallFromName("s390_pci_mmio_read")
		if arch.Native() == arch.S390X {
			lacking, err = GetSyscallFromName("arch_prctl")
		}
		err = errors.Join(err, f.AddRule(lacking, ActNotify), f.Load())
		fd, err2 := f.GetNotifFd()
		return errors.Join(err, err2, rig.Equal("listener", fd, -1))
	},
	"no privilege": func() error {
		f, err := native(map[string]ScmpAction{"getppid": ActErrno.SetReturnCode(7)})
		if err != nil {
			return err
		}
		// Without CAP_SYS_ADMIN and without no_new_privs.
		head := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		err = errors.Join(unix.Capset(&head, &none[0]), f.SetNoNewPrivsBit(false))
		err = errors.Join(err, rig.Is("cancelled", f.Load(), syscall.ECANCELED), f.SetRawRC(true), rig.Is("raw", f.Load(), syscall.EACCES))
		return errors.Join(err, onEveryThread(0))
	},
}

// TestForeignOrder: a filter of the other byte order is made, and not loaded.
func TestForeignOrder(t *testing.T) {
	f := filterOf(t, ArchS390X)
	if arch.Native().BigEndian() {
		f = filterOf(t, ArchAMD64)
	}
	require.Equal(t, syscall.ECANCELED, f.Load())
	require.NoError(t, f.SetRawRC(true))
	require.Equal(t, syscall.EINVAL, f.Load())
}
