// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"maps"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

func init() {
	maps.Copy(targets, adding) // for TestTarget
	maps.Copy(scenes, adding)
}

// adding are the scenes of descriptors that callers get.
var adding = map[string]func() error{
	"adds descriptors": func() error {
		f, err := textFile("hello")
		if err != nil {
			return err
		}
		var seen [5]added
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, ownFiles, look(&seen[0]), look(&seen[1]), look(&seen[2]), look(&seen[3]), look(&seen[4]))
		if err != nil {
			return err
		}
		if err := rig.Equal("apart", <-t.results, result{}); err != nil {
			return err
		}
		add := func(flags FDFlags, do func(n *Notification, flags FDFlags) (int, error)) error {
			_, err := t.next(func(n *Notification) error {
				if flags&FDAnswer != 0 && !rig.KernelIs(5, 14) {
					_, err := do(n, flags)
					if err := errors.Join(rig.Is("add and answer", err, seccomp.ErrNotSupported), n.Valid()); err != nil {
						return err
					}
					flags &^= FDAnswer
				}
				fd, err := do(n, flags)
				if err != nil {
					return err
				}
				if flags&FDAnswer != 0 {
					return rig.Is("answer", n.Return(0), ErrAnswered)
				}
				return n.Return(int64(fd))
			})
			return err
		}
		anywhere := func(n *Notification, flags FDFlags) (int, error) { return n.AddFD(f, flags) }
		at := func(number int) func(*Notification, FDFlags) (int, error) {
			return func(n *Notification, flags FDFlags) (int, error) { return n.SetFD(f, number, flags) }
		}
		if err := errors.Join(add(0, anywhere), add(FDAnswer, anywhere),
			add(FDCloseOnExec, at(100)), add(FDAnswer|FDCloseOnExec, at(0)),
			add(0, func(n *Notification, flags FDFlags) (int, error) {
				_, bad := n.SetFD(f, -1, 0)
				_, unknown := n.AddFD(f, 1<<7)
				_, far := n.SetFD(f, 1<<30, 0) // and the call still waits
				_, both := n.SetFD(f, 1<<30, FDAnswer)
				if bad == nil || unknown == nil {
					return 0, errors.New("taken")
				}
				return 5, errors.Join(rig.Is("far", far, syscall.EBADF), rig.Is("far, with an answer", both, from(5, 14, syscall.EBADF)), n.Valid())
			})); err != nil {
			return err
		}
		for i, want := range []added{{text: "hello"}, {text: "hello"}, {100, unix.FD_CLOEXEC, "hello", 0}, {0, unix.FD_CLOEXEC, "hello", 0}} {
			if i < 2 {
				want.fd = seen[i].fd
			}
			if err := rig.Equal(fmt.Sprint("descriptor ", i), seen[i], want); err != nil {
				return err
			}
		}
		return errors.Join(rig.Equal("two numbers", seen[0].fd != seen[1].fd, true), t.ended())
	},
	"no descriptors left": func() error {
		f, err := textFile("hello")
		if err != nil {
			return err
		}
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		var old unix.Rlimit
		if err := unix.Prlimit(0, unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: 4096}, &old); err != nil {
			return err
		}
		_, add := n.AddFD(f, 0)
		_, both := n.AddFD(f, FDAnswer)
		return errors.Join(rig.Is("full", add, syscall.EMFILE), rig.Is("full, with an answer", both, from(5, 14, syscall.EMFILE)), n.Return(1), rig.Equal("answer", <-t.results, result{1, 0}))
	},
}

// added is what a thread with descriptors of its own finds at a number.
type added struct {
	fd    int
	flags int
	text  string
	errno syscall.Errno
}

func look(a *added) func() (uintptr, syscall.Errno) {
	return func() (uintptr, syscall.Errno) {
		r, errno := getppid()
		a.fd, a.errno = int(r), errno
		a.flags, _ = unix.FcntlInt(r, unix.F_GETFD, 0)
		b := make([]byte, 16)
		n, _ := unix.Pread(int(r), b, 0)
		a.text = string(b[:max(n, 0)])
		return r, errno
	}
}

// ownFiles gives the thread descriptors of its own.
func ownFiles() (uintptr, syscall.Errno) {
	errno, _ := unix.Unshare(unix.CLONE_FILES).(syscall.Errno)
	return 0, errno
}
