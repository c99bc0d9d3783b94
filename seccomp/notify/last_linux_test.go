// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
)

// ending is a filter that does something about every call but those that end the
// process and return from a signal handler, and asks about getppid.
func ending(action seccomp.Action) seccomp.Filter {
	const load, equal, answer = 0x20, 0x15, 0x06
	return seccomp.Filter{bpf.Program{
		{Op: load}, {Op: equal, K: unix.SYS_EXIT_GROUP, Jt: 3}, {Op: equal, K: unix.SYS_RT_SIGRETURN, Jt: 2},
		{Op: equal, K: unix.SYS_GETPPID, Jt: 2},
		{Op: answer, K: uint32(action)}, {Op: answer, K: uint32(seccomp.Allow)}, {Op: answer, K: uint32(seccomp.Notify)},
	}}
}

const listening42 = 42

func init() {
	scenes["a descriptor without a further call"] = func() error {
		err := seccomp.NoNewPrivs()
		if err != nil {
			return err
		}
		f := ending(seccomp.KillProcess)
		fd, err := Listen(f, 0)
		status := uintptr(listening42)
		if fd < 3 || err != nil {
			status = 1
		}
		unix.RawSyscall(unix.SYS_EXIT_GROUP, status, 0, 0)
		return err
	}
	// Its supervisor is another process, which takes the descriptor by its number: each
	// call of the thread waits for that, futex(2) and fcntl(2) among them.
	scenes["a launcher that asks about everything"] = func() error {
		err := seccomp.NoNewPrivs()
		if err != nil {
			return err
		}
		fmt.Println("ready")
		f := ending(seccomp.Notify)
		if fd, err := Listen(f, 0); err != nil || fd < 3 {
			return fmt.Errorf("%d: %w", fd, err)
		}
		ppid, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		if ppid != 77 || errno != 0 {
			return fmt.Errorf("getppid: %d, %w", ppid, errno)
		}
		unix.RawSyscall(unix.SYS_EXIT_GROUP, listening42, 0, 0)
		return nil
	}
	// Its supervisor is a thread of the same process, which waits for the number without
	// a call of the filtered thread.
	scenes["a second thread answers everything"] = func() error {
		debug.SetGCPercent(-1) // a collection would wait for the filtered thread, and that for its answer
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		var running atomic.Bool
		var number atomic.Int64
		go func() {
			runtime.LockOSThread()
			running.Store(true)
			for number.Load() == 0 {
			}
			answerAll(FD(number.Load()).Receive)
		}()
		for !running.Load() {
			runtime.Gosched()
		}
		f := ending(seccomp.Notify)
		fd, err := Listen(f, 0)
		number.Store(int64(fd))
		if err != nil || fd < 3 {
			return fmt.Errorf("%d: %w", fd, err)
		}
		ppid, _, errno := unix.RawSyscall(unix.SYS_GETPPID, 0, 0, 0)
		copied, _, errno2 := unix.RawSyscall(unix.SYS_FCNTL, uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
		if ppid != 77 || errno != 0 || int(copied) <= int(fd) || errno2 != 0 {
			return fmt.Errorf("getppid: %d, %w; fcntl: %d, %w", ppid, errno, copied, errno2)
		}
		unix.RawSyscall(unix.SYS_EXIT_GROUP, listening42, 0, 0)
		return nil
	}
}

// answerAll answers getppid with 77, and has the kernel carry all else out.
func answerAll(receive func() (*Notification, error)) {
	for {
		n, err := receive()
		if err != nil {
			return
		}
		if name, _ := arch.Native().Name(n.Call.Nr); name == "getppid" {
			n.Return(77)
		} else {
			n.Continue()
		}
	}
}

// TestListenIsTheLastCall has a filter that kills for every call which the thread could make.
func TestListenIsTheLastCall(t *testing.T) {
	if !rig.KernelIs(5, 0) {
		t.Skip("the kernel has no listeners")
	}
	for _, processors := range []string{"1", "4"} {
		c := rig.LauncherOf(t, "a descriptor without a further call", processors)
		out, err := c.CombinedOutput()
		assert.Equal(t, listening42, c.ProcessState.ExitCode(), "%v\n%s", err, out)
	}
}

// TestListenBeside has a supervisor in the same process.
func TestListenBeside(t *testing.T) {
	if !rig.KernelIs(5, 5) {
		t.Skip("the kernel is older than 5.5: no answer has it carry a call out")
	}
	for range 5 {
		c := rig.LauncherOf(t, "a second thread answers everything", "4")
		out, err := c.CombinedOutput()
		require.Equal(t, listening42, c.ProcessState.ExitCode(), "%v\n%s", err, out)
	}
}

// TestListenElsewhere is as runc's init did: the launcher filters itself, and another
// process has the listener.
func TestListenElsewhere(t *testing.T) {
	if !rig.KernelIs(5, 0) || !rig.KernelIs(5, 6) {
		t.Skip("the kernel is older than 5.6: no pidfd_getfd(2)")
	}
	c := rig.LauncherOf(t, "a launcher that asks about everything", "1")
	out, err := c.StdoutPipe()
	require.NoError(t, err)
	c.Stderr = os.Stderr
	require.NoError(t, c.Start())
	_, err = bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	l := listenerOf(t, c.Process.Pid)
	go answerAll(func() (*Notification, error) { return l.Receive(t.Context()) })
	err = c.Wait()
	assert.Equal(t, listening42, c.ProcessState.ExitCode(), "%v", err)
	require.NoError(t, l.Close())
}

// listenerOf takes the listener of a process, once it has one.
func listenerOf(t *testing.T, pid int) *Listener {
	t.Helper()
	pidfd, err := unix.PidfdOpen(pid, 0)
	require.NoError(t, err)
	defer unix.Close(pidfd)
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		for number := 3; number < 20; number++ {
			fd, err := unix.PidfdGetfd(pidfd, number, 0)
			if err == unix.EPERM || err == unix.EACCES || err == unix.ENOSYS {
				t.Skipf("descriptors of children cannot be taken here: pidfd_getfd: %v", err)
			}
			if err != nil {
				continue
			}
			f := os.NewFile(uintptr(fd), "perhaps a listener")
			if l, err := FileListener(f); err == nil {
				return l
			}
			f.Close()
		}
	}
	require.Fail(t, "no listener")
	return nil
}
