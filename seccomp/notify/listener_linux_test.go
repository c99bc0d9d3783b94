// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// askingShells is a filter that asks about calls by name, also where the shell is of
// another ABI than this program.
func askingShells(names ...string) (seccomp.Filter, error) {
	p := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Rules: []seccomp.Rule{{Syscalls: names, Action: seccomp.Notify}}, Default: seccomp.Allow}
	if runtime.GOARCH == "386" {
		p.Arches = append(p.Arches, arch.X86_64)
	}
	return p.Compile()
}

// target is a supervised thread of this process.
type target struct {
	*Listener
	tid     int
	results chan result // of its calls
}

type result struct {
	value uintptr
	errno syscall.Errno
}

// supervised starts a thread under the filter that makes those calls, one after
// the other.
func supervised(f seccomp.Filter, flags seccomp.Flags, calls ...func() (uintptr, syscall.Errno)) (*target, error) {
	t := &target{results: make(chan result, len(calls))}
	begun := make(chan error)
	fd := FD(-1)
	go func() {
		runtime.LockOSThread() // and the thread ends with the function
		err := seccomp.NoNewPrivs()
		if err == nil {
			t.tid = unix.Gettid()
			fd, err = Listen(f, flags)
		}
		begun <- err
		if err != nil {
			return
		}
		for _, call := range calls {
			value, errno := call()
			t.results <- result{value, errno}
		}
	}()
	err := <-begun
	if err == nil {
		t.Listener, err = takeOver(fd)
	}
	return t, err
}

// takeOver makes a Listener, on a thread that is not filtered.
func takeOver(fd FD) (*Listener, error) { return FileListener(os.NewFile(uintptr(fd), "listener")) }

func getppid() (uintptr, syscall.Errno) {
	r, _, errno := unix.Syscall(unix.SYS_GETPPID, 0, 0, 0)
	return r, errno
}

// receive is Receive for those who cannot wait for ever.
func (t *target) receive() (*Notification, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return t.Receive(ctx)
}

// next is a notification that has an answer, and what comes of it.
func (t *target) next(answer func(*Notification) error) (result, error) {
	n, err := t.receive()
	if err != nil {
		return result{}, err
	}
	if err := answer(n); err != nil {
		return result{}, err
	}
	return <-t.results, nil
}

func (t *target) ended() error {
	n, err := t.receive()
	if n != nil || !errors.Is(err, io.EOF) {
		_, status := os.Stat(fmt.Sprintf("/proc/self/task/%d", t.tid))
		var events int16
		t.conn.Control(func(fd uintptr) { events, _ = ready(fd, &unix.Timespec{}) })
		return fmt.Errorf("got %+v, %w, want the end (thread: %v, events %#x)", n, err, status, events)
	}
	return nil
}

// from is what is wanted from a kernel on that has something: older ones have to say
// that they lack it.
func from(major, minor int, want error) error {
	if rig.KernelIs(major, minor) {
		return want
	}
	return seccomp.ErrNotSupported
}

// undisturbed is WaitKillable where the kernel has it. Without it the runtime's own
// signals have a thread make calls again that are received or answered already.
func undisturbed() seccomp.Flags { return system.Supported(seccomp.WaitKillable) }

// anonymous are the names of open descriptors of the kinds that a listener takes.
// Others come and go: with cgo, the C library looks at /sys on each new thread.
func anonymous() (names []string, err error) {
	links, err := filepath.Glob("/proc/self/fd/*")
	for _, link := range links {
		if name, _ := os.Readlink(link); strings.HasPrefix(name, "anon_inode:") {
			names = append(names, name)
		}
	}
	return names, err
}

// anyKernel is a scene that holds each kernel to what came with its version.
const anyKernel = "what kernels have"

// listening are the scenes of supervisors.
var listening = map[string]func() error{
	anyKernel: func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid, getppid)
		if err != nil || !rig.KernelIs(5, 0) {
			return rig.Is("listen", err, from(5, 0, nil))
		}
		value, err := t.next(func(n *Notification) error { return n.Return(1234) })
		failed, err2 := t.next(func(n *Notification) error {
			_, process := n.PidFD()
			b := make([]byte, 1)
			_, read := n.Read(n.Call.IP, b)
			return errors.Join(n.Valid(), read, rig.Is("pidfd", process, from(5, 3, nil)), n.Errno(syscall.ENOTTY))
		})
		_, err3 := t.next(func(n *Notification) error {
			_, add := n.AddFD(os.Stdin, 0)
			going := n.Continue()
			err := rig.Is("add", add, from(5, 9, nil))
			if going != nil { // before 5.5, but Ubuntu's 5.4 has it
				err = errors.Join(err, rig.Is("continue", going, from(5, 5, nil)), n.Valid(), n.Return(0))
			}
			return err
		})
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, end := t.Receive(ctx)
		want := io.EOF
		if !rig.KernelIs(5, 9) {
			want = context.DeadlineExceeded
		}
		return errors.Join(err, err2, err3, rig.Is("end", end, want), t.Close(),
			rig.Equal("value", value, result{1234, 0}), rig.Equal("errno", failed.errno, syscall.ENOTTY))
	},
	"closed leaves nothing": func() error {
		before := 0
		for i := range 60 {
			t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
			if err != nil {
				return err
			}
			if _, err := t.next(func(n *Notification) error { return n.Return(1) }); err != nil {
				return err
			}
			if i%2 == 0 {
				err = t.ended()
			}
			if err := errors.Join(err, t.Close()); err != nil {
				return err
			}
			of, err := anonymous()
			if err != nil {
				return err
			}
			if i == 1 {
				before = len(of)
			}
			if i > 1 && len(of) != before {
				return fmt.Errorf("after %d: %d descriptors, %d before: %q", i, len(of), before, of)
			}
		}
		return nil
	},
	"no descriptor is left": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid)
		if err != nil {
			return err
		}
		for { // as other parts of a program may
			if _, err := unix.FcntlInt(0, unix.F_DUPFD_CLOEXEC, 0); err == unix.EMFILE {
				break
			}
		}
		first, err := t.receive()
		if err != nil {
			return err
		}
		begun := time.Now()
		for range 3 {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
			_, err = t.Receive(ctx)
			cancel()
			if err := rig.Is("nothing comes", err, context.DeadlineExceeded); err != nil || time.Since(begun) > 3*time.Second {
				return fmt.Errorf("after %v: %w", time.Since(begun), err)
			}
			t.busy = true
		}
		if err := first.Return(1); err != nil {
			return err
		}
		<-t.results
		_, err = t.next(func(n *Notification) error { return n.Return(2) })
		return errors.Join(err, t.ended(), t.Close())
	},
	"dropped": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid)
		if err != nil {
			return err
		}
		if _, err := t.next(func(n *Notification) error { return n.Return(1) }); err != nil {
			return err
		}
		results := t.results
		t.Listener = nil
		for range 500 {
			runtime.GC()
			select {
			case r := <-results:
				return rig.Equal("nobody listens", r.errno, syscall.ENOSYS)
			case <-time.After(10 * time.Millisecond):
			}
		}
		return errors.New("the call waits for ever")
	},
	"takes over": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid)
		if err != nil {
			return err
		}
		f, err := t.File()
		if err != nil {
			return err
		}
		l, err := FileListener(f)
		if err != nil {
			return err
		}
		if _, err := f.Stat(); !errors.Is(err, os.ErrClosed) {
			return fmt.Errorf("the file is not closed: %w", err)
		}
		if err := t.Close(); err != nil {
			return err
		}
		t.Listener = l
		r, err := t.next(func(n *Notification) error { return n.Return(3) })
		return errors.Join(err, rig.Equal("result", r, result{3, 0}), t.ended())
	},
	"synchronous wake-up": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, slices.Repeat([]func() (uintptr, syscall.Errno){getppid}, 100)...)
		if err != nil {
			return err
		}
		if err := t.SetSyncWakeUp(true); err != nil || !rig.KernelIs(6, 6) {
			return rig.Is("set", err, from(6, 6, nil))
		}
		for i := range 100 {
			if i == 50 {
				if err := t.SetSyncWakeUp(false); err != nil {
					return err
				}
			}
			if _, err := t.next(func(n *Notification) error { return n.Return(3) }); err != nil {
				return err
			}
		}
		return t.ended()
	},
}

func init() { maps.Copy(scenes, listening) }

func TestListen(t *testing.T) {
	for name := range listening {
		if !rig.KernelIs(5, 9) && name != anyKernel {
			continue // most need an answer that continues, or are to see the end
		}
		t.Run(name, func(t *testing.T) {
			if name == "what kernels have" {
				kerneltest.Need(t, kerneltest.Reading)
			}
			kerneltest.Job{Scene: name, Nobody: true}.Run(t)
		})
	}
	rig.RequireFree(t)
}

// TestFileListenerRefuses has files that are no listeners.
func TestFileListenerRefuses(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	defer r.Close()
	defer w.Close()
	file, err := os.Create(t.TempDir() + "/anon_inode:seccomp notify")
	require.NoError(t, err)
	defer file.Close()
	event, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	require.NoError(t, err)
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	require.NoError(t, err)
	null, err := os.Open("/dev/null")
	require.NoError(t, err)
	defer null.Close()
	for name, f := range map[string]*os.File{"pipe": r, "file": file, "device": null,
		"event": os.NewFile(uintptr(event), "event"), "epoll": os.NewFile(uintptr(epoll), "epoll")} {
		_, err := FileListener(f)
		require.ErrorIs(t, err, syscall.ENOTTY, name)
		_, err = f.Stat()
		require.NoError(t, err, "%s is left open", name)
	}
	closed := os.NewFile(^uintptr(0), "closed")
	_, err = FileListener(closed)
	require.Error(t, err)
	r.Close()
	_, err = FileListener(r)
	require.ErrorIs(t, err, os.ErrClosed)
}
