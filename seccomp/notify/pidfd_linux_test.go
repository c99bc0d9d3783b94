// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// ask makes a call that only the supervisor understands.
func ask(args ...uint64) func() (uintptr, syscall.Errno) {
	var a [3]uintptr
	for i, arg := range args {
		a[i] = uintptr(arg)
	}
	return func() (uintptr, syscall.Errno) {
		r, _, errno := unix.Syscall(unix.SYS_GETPPID, a[0], a[1], a[2])
		return r, errno
	}
}

// targets are the scenes of supervisors that deal with their targets.
var targets = map[string]func() error{
	"pidfd of a thread": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		f, err := n.PidFD()
		if err != nil {
			return err
		}
		info, err := os.ReadFile(fmt.Sprintf("/proc/self/fdinfo/%d", f.Fd()))
		return errors.Join(err, f.Close(), n.Return(0),
			rig.Equal("process", strings.Contains(string(info), fmt.Sprintf("\nPid:\t%d\n", os.Getpid())), true))
	},
}

func init() {
	maps.Copy(scenes, targets)
	scenes["i386 is asked about"] = func() error {
		// On this thread, which then makes the job's calls, without the scheduler's
		// knowledge.
		runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		fd, err := Listen(rig.Asking(64), 0)
		if err != nil {
			return err
		}
		l, err := takeOver(fd)
		if err != nil {
			return err
		}
		policy := &seccomp.Policy{Arches: []arch.Arch{arch.X86}, Default: seccomp.Allow, Rules: []seccomp.Rule{{Syscalls: []string{"getppid"}, Action: seccomp.Notify}}}
		go func() {
			t := &target{Listener: l}
			for {
				n, err := t.receive()
				if err != nil {
					return
				}
				c := n.Call
				if c.Audit == arch.X86.Audit() && policy.Explain(&c).Action == seccomp.Notify && c.Args[0] == 0xfffffff0 {
					n.Return(int64(c.Args[1]) + 5)
				} else {
					n.Errno(syscall.EPROTO)
				}
			}
		}()
		return nil
	}
}

func TestTarget(t *testing.T) {
	kerneltest.Need(t, kerneltest.Reading)
	if !rig.KernelIs(5, 9) {
		return // see TestListen
	}
	for name := range targets {
		t.Run(name, func(t *testing.T) { kerneltest.Job{Scene: name, Nobody: true}.Run(t) })
	}
	rig.RequireFree(t)
}

func TestListenI386(t *testing.T) {
	if !rig.KernelIs(5, 0) {
		t.Skip("listeners need Linux 5.0; TestListen holds older kernels to their refusal")
	}
	kerneltest.Need(t, kerneltest.I386)
	results := kerneltest.Job{Scene: "i386 is asked about", Nobody: true, Calls: []kerneltest.Call{
		{Nr: 64, I386: true, Args: [6]uint64{0xfffffff0, 7}},
		{Nr: 64, I386: true, Args: [6]uint64{1}},
	}}.Run(t)
	require.Equal(t, []kerneltest.Result{{Value: 12}, {Errno: syscall.EPROTO}}, results)
}

// TestInvisible has a caller that the supervisor's pid namespace does not show.
func TestInvisible(t *testing.T) {
	n := &Notification{ID: 1, holder: &Listener{}}
	_, err := n.PidFD()
	require.ErrorContains(t, err, "not visible")
	_, err = n.read(1, make([]byte, 1))
	require.ErrorContains(t, err, "not visible")
}
