// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

func init() {
	maps.Copy(listening, answering) // for TestListen
	maps.Copy(scenes, answering)
}

// answering are the scenes of answers.
var answering = map[string]func() error{
	"answers": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid, getppid)
		if err != nil {
			return err
		}
		first, err := t.next(func(n *Notification) error {
			if n.PID != t.tid || n.Call.Audit != arch.Native().Audit() || n.Call.Nr != unix.SYS_GETPPID || n.Call.IP == 0 {
				return fmt.Errorf("%+v", n)
			}
			return errors.Join(n.Valid(), n.Continue(),
				rig.Is("second answer", n.Errno(1), ErrAnswered), rig.Is("valid", n.Valid(), ErrAnswered))
		})
		second, err2 := t.next(func(n *Notification) error { return n.Errno(syscall.ENOTTY) })
		third, err3 := t.next(func(n *Notification) error { return n.Return(1234) })
		return errors.Join(err, err2, err3, t.ended(),
			rig.Equal("continued", first, result{uintptr(os.Getppid()), 0}),
			rig.Equal("errno", second.errno, syscall.ENOTTY),
			rig.Equal("value", third, result{1234, 0}))
	},
	"all arguments": func() error {
		args := [6]uint64{1, 1<<32 | 2, 3, 1 << 63, 5, ^uint64(0)}
		passed := args
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, func() (uintptr, syscall.Errno) {
			args := passed
			r, _, errno := unix.Syscall6(unix.SYS_GETPPID, uintptr(args[0]), uintptr(args[1]), uintptr(args[2]), uintptr(args[3]), uintptr(args[4]), uintptr(args[5]))
			return r, errno
		})
		if err != nil {
			return err
		}
		policy := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: seccomp.Allow,
			Rules: []seccomp.Rule{{Syscalls: []string{"getppid"}, Action: seccomp.Notify, Origin: seccomp.Origin{Note: "here"}}}}
		for i, arg := range args {
			args[i] = uint64(uintptr(arg))
		}
		_, err = t.next(func(n *Notification) error {
			d := policy.Explain(&n.Call)
			return errors.Join(rig.Equal("arguments", n.Call.Args, args), rig.Equal("decision", d.Action, seccomp.Notify), n.Continue())
		})
		return err
	},
	"wrong answers": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		_, err = t.next(func(n *Notification) error {
			for _, e := range []syscall.Errno{0, seccomp.MaxErrno + 1} {
				if n.Errno(e) == nil {
					return fmt.Errorf("errno %d is taken", e)
				}
			}
			return n.Errno(seccomp.MaxErrno)
		})
		return err
	},
	"answers race": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), undisturbed(), slices.Repeat([]func() (uintptr, syscall.Errno){getppid}, 50)...)
		if err != nil {
			return err
		}
		other, err := t.File()
		if err != nil {
			return err
		}
		second, err := FileListener(other)
		if err != nil {
			return err
		}
		for range 50 {
			n, err := t.receive()
			if err != nil {
				return err
			}
			copied := &Notification{ID: n.ID, PID: n.PID, Call: n.Call, holder: second}
			errs := make(chan error, 8)
			for i := range cap(errs) {
				from := []*Notification{n, copied}[i%2]
				go func() { errs <- from.Return(int64(i)) }()
			}
			won := 0
			for range cap(errs) {
				switch err := <-errs; {
				case err == nil:
					won++
				case !errors.Is(err, ErrAnswered) && !errors.Is(err, ErrGone):
					return err
				}
			}
			if err := rig.Equal("answers that counted", won, 1); err != nil {
				return err
			}
			<-t.results
		}
		return t.ended()
	},
	"target is killed": func() error {
		f, err := askingShells("getppid")
		if err != nil {
			return err
		}
		t, err := supervised(f, 0, func() (uintptr, syscall.Errno) {
			err := exec.Command("/bin/sh", "-c", "exit 0").Run()
			var status *exec.ExitError
			if !errors.As(err, &status) || status.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
				fmt.Fprintln(os.Stderr, "the shell:", err)
				return 0, 1
			}
			return 0, 0
		})
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		process, err := n.PidFD()
		if err != nil {
			return err
		}
		defer process.Close()
		if err := unix.PidfdSendSignal(int(process.Fd()), unix.SIGKILL, nil, 0); err != nil {
			return err
		}
		if err := rig.Equal("the shell", <-t.results, result{}); err != nil {
			return err
		}
		buffer := []byte("full")
		_, read := n.Read(n.Call.IP&^4095, buffer)
		_, text := n.ReadString(n.Call.IP, 4096)
		_, pid := n.PidFD()
		_, add := n.AddFD(os.Stdin, 0)
		_, both := n.AddFD(os.Stdin, FDAnswer)
		return errors.Join(rig.Is("continue", n.Continue(), ErrGone), rig.Is("errno", n.Errno(1), ErrGone), rig.Is("value", n.Return(1), ErrGone),
			rig.Is("valid", n.Valid(), ErrGone), rig.Is("read", read, ErrGone), rig.Is("text", text, ErrGone),
			rig.Is("pidfd", pid, ErrGone), rig.Is("add", add, ErrGone), rig.Is("add and answer", both, from(5, 14, ErrGone)),
			rig.Equal("buffer", string(buffer), "\x00\x00\x00\x00"), t.ended())
	},
	"a signal interrupts": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		// Go's handler has the kernel begin the call again.
		if err := unix.Tgkill(unix.Getpid(), t.tid, unix.SIGURG); err != nil {
			return err
		}
		again, err := t.receive()
		if err != nil {
			return err
		}
		if again.ID == n.ID {
			return errors.New("the same notification twice")
		}
		gone := errors.Join(rig.Is("valid", n.Valid(), ErrGone), rig.Is("answer", n.Return(1), ErrGone))
		return errors.Join(gone, again.Return(2), rig.Equal("result", <-t.results, result{2, 0}), t.ended())
	},
	"a signal waits": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), seccomp.WaitKillable, getppid)
		if err != nil || !rig.KernelIs(5, 19) {
			return rig.Is("listen", err, from(5, 19, nil))
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		if err := unix.Tgkill(unix.Getpid(), t.tid, unix.SIGURG); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
		return errors.Join(n.Valid(), n.Return(2), rig.Equal("result", <-t.results, result{2, 0}), t.ended())
	},
}
