// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
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
	go func() {
		runtime.LockOSThread() // and the thread ends with the function
		err := seccomp.NoNewPrivs()
		if err == nil {
			t.tid = unix.Gettid()
			t.Listener, err = Listen(f, flags)
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
	return t, <-begun
}

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
		t.conn.Control(func(fd uintptr) { events, _ = ready(fd) })
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
		second, err := NewListener(other)
		if err != nil {
			return err
		}
		for range 50 {
			n, err := t.receive()
			if err != nil {
				return err
			}
			copied := &Notification{ID: n.ID, PID: n.PID, Call: n.Call, listener: second}
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
	"many wait": func() error {
		const many = 200
		f, err := askingShells("getppid")
		if err != nil {
			return err
		}
		t, err := supervised(f, 0, func() (uintptr, syscall.Errno) {
			// What this thread starts has its filter.
			cmd := exec.Command("/bin/sh", "-c", fmt.Sprintf(`i=0; while [ $i -lt %d ]; do /proc/self/exe -c 'exit 0' & i=$((i+1)); done; wait`, many))
			out, err := cmd.CombinedOutput()
			if err != nil {
				fmt.Fprintf(os.Stderr, "%v %s\n", err, out)
				return 0, 1
			}
			return 0, 0
		})
		if err != nil {
			return err
		}
		// A shell asks for its parent once when it begins.
		n, err := t.receive()
		if err != nil {
			return err
		}
		if err := n.Continue(); err != nil {
			return err
		}
		seen := map[uint64]*Notification{}
		for len(seen) < many {
			n, err := t.receive()
			if err != nil {
				return fmt.Errorf("after %d: %w", len(seen), err)
			}
			if err := errors.Join(n.Valid(), rig.Equal("seen before", seen[n.ID], nil)); err != nil {
				return err
			}
			seen[n.ID] = n
		}
		for _, n := range seen {
			if err := n.Continue(); err != nil {
				return err
			}
		}
		return errors.Join(rig.Equal("the shell", <-t.results, result{}), t.ended())
	},
	"several receive": func() error {
		const calls, receivers = 400, 8
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), undisturbed(), slices.Repeat([]func() (uintptr, syscall.Errno){getppid}, calls)...)
		if err != nil {
			return err
		}
		counts, errs := make([]int, receivers), make([]error, receivers)
		var all sync.WaitGroup
		for i := range receivers {
			all.Go(func() {
				for {
					n, err := t.receive()
					if err != nil {
						errs[i] = err
						return
					}
					counts[i]++
					n.Return(int64(i))
				}
			})
		}
		all.Wait()
		sum := 0
		for i := range receivers {
			sum += counts[i]
			if err := rig.Is("each", errs[i], io.EOF); err != nil {
				return err
			}
		}
		return rig.Equal("received", sum, calls)
	},
	"two listeners": func() error {
		const calls = 2000
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), undisturbed(), slices.Repeat([]func() (uintptr, syscall.Errno){getppid}, calls)...)
		if err != nil {
			return err
		}
		other, err := t.File()
		if err != nil {
			return err
		}
		second, err := NewListener(other)
		if err != nil {
			return err
		}
		var all sync.WaitGroup
		counts, errs := [2]int{}, [2]error{}
		for i, l := range []*Listener{t.Listener, second} {
			all.Go(func() {
				for {
					n, err := l.Receive(context.Background())
					if err != nil {
						errs[i] = err
						return
					}
					counts[i]++
					n.Return(1)
				}
			})
		}
		all.Wait()
		return errors.Join(rig.Is("first", errs[0], io.EOF), rig.Is("second", errs[1], io.EOF),
			rig.Equal("received", counts[0]+counts[1], calls))
	},
	"a call is stolen": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid)
		if err != nil {
			return err
		}
		first, err := t.receive()
		if err != nil {
			return err
		}
		for range 3 {
			// As if the poller had said that there is another.
			var stolen error
			begun := time.Now()
			if err := t.conn.Control(func(fd uintptr) { _, stolen = t.Listener.receive(fd) }); err != nil {
				return err
			}
			if err := rig.Is("receiving", stolen, unix.EINTR); err != nil || time.Since(begun) > 10*time.Second {
				return fmt.Errorf("after %v: %w", time.Since(begun), err)
			}
		}
		if err := first.Return(1); err != nil {
			return err
		}
		<-t.results
		_, err = t.next(func(n *Notification) error { return n.Return(2) })
		return errors.Join(err, t.ended())
	},
	"close ends receiving": func() error {
		closed := make(chan struct{})
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, func() (uintptr, syscall.Errno) {
			<-closed
			return getppid()
		})
		if err != nil {
			return err
		}
		errs := make(chan error)
		for range 3 {
			go func() {
				_, err := t.Receive(context.Background())
				errs <- err
			}()
		}
		time.Sleep(50 * time.Millisecond)
		err = t.Close()
		for range 3 {
			err = errors.Join(err, rig.Is("Receive", <-errs, os.ErrClosed))
		}
		close(closed)
		_, late := t.receive()
		_, file := t.File()
		return errors.Join(err, rig.Is("late", late, os.ErrClosed), rig.Is("File", file, os.ErrClosed),
			rig.Is("Close", t.Close(), os.ErrClosed),
			rig.Equal("nobody listens", (<-t.results).errno, syscall.ENOSYS))
	},
	"closed midway": func() error {
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid)
		if err != nil {
			return err
		}
		n, err := t.receive()
		if err != nil {
			return err
		}
		return errors.Join(t.Close(), rig.Equal("received", (<-t.results).errno, syscall.ENOSYS),
			rig.Equal("later", (<-t.results).errno, syscall.ENOSYS),
			rig.Is("answer", n.Continue(), os.ErrClosed), rig.Is("valid", n.Valid(), os.ErrClosed))
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
	"signals are ignored": func() error {
		signal.Ignore() // SIGURG too
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, getppid, getppid)
		if err != nil {
			return err
		}
		first, err := t.receive()
		if err != nil {
			return err
		}
		begun := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		time.AfterFunc(5*time.Second, func() { first.Return(1) }) // or nothing ever comes
		_, err = t.Receive(ctx)
		if err := rig.Is("nothing comes", err, context.DeadlineExceeded); err != nil {
			return err
		}
		if took := time.Since(begun); took > 3*time.Second {
			return fmt.Errorf("the context was done %v ago", took)
		}
		return errors.Join(first.Return(1), t.Close())
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
	"context": func() error {
		begin := make(chan bool)
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), 0, func() (uintptr, syscall.Errno) {
			<-begin
			return getppid()
		})
		if err != nil {
			return err
		}
		for _, busy := range []bool{false, true} {
			t.busy = busy
			ctx, cancel := context.WithCancel(context.Background())
			errs := make(chan error)
			for range 3 {
				go func() {
					_, err := t.Receive(ctx)
					errs <- err
				}()
			}
			time.Sleep(20 * time.Millisecond)
			cancel()
			for range 3 {
				err = errors.Join(err, rig.Is("cancelled", <-errs, context.Canceled))
			}
			_, e := t.Receive(ctx)
			err = errors.Join(err, rig.Is("cancelled before", e, context.Canceled))
			ctx, cancel = context.WithTimeout(context.Background(), 10*time.Millisecond)
			_, e = t.Receive(ctx)
			cancel()
			err = errors.Join(err, rig.Is("too late", e, context.DeadlineExceeded))
		}
		close(begin)
		r, e := t.next(func(n *Notification) error { return n.Return(7) })
		return errors.Join(err, e, rig.Equal("afterwards", r, result{7, 0}), t.ended())
	},
	"context races with calls": func() error {
		const calls = 300
		t, err := supervised(rig.Asking(unix.SYS_GETPPID), undisturbed(), slices.Repeat([]func() (uintptr, syscall.Errno){getppid}, calls)...)
		if err != nil {
			return err
		}
		for received := 0; ; {
			ctx, cancel := context.WithTimeout(context.Background(), time.Duration(received%40)*time.Microsecond)
			n, err := t.Receive(ctx)
			cancel()
			switch {
			case err == nil:
				received++
				if err := n.Return(1); err != nil {
					return err
				}
			case errors.Is(err, io.EOF):
				return rig.Equal("received", received, calls)
			case !errors.Is(err, context.DeadlineExceeded):
				return err
			default:
				if n, err = t.receive(); errors.Is(err, io.EOF) {
					return rig.Equal("received", received, calls)
				}
				if err != nil {
					return err
				}
				received++
				if err := n.Return(1); err != nil {
					return err
				}
			}
		}
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
	"fork bomb": func() error {
		const enough = 150
		// Whatever goes wrong, it stays small.
		if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Cur: 1000, Max: 1000}); err != nil {
			return err
		}
		// Package syscall forks without telling the scheduler, and waits there.
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0))))
		f, err := askingShells("fork", "vfork", "clone", "clone3")
		if err != nil {
			return err
		}
		t, err := supervised(f, 0, func() (uintptr, syscall.Errno) {
			exec.Command("/bin/sh", "-c", "b() { b | b & }; b; exit 0").Run()
			return 0, 0
		})
		if err != nil {
			return err
		}
		for i := 0; ; i++ {
			n, err := t.receive()
			if errors.Is(err, io.EOF) {
				return rig.Equal("a bomb", i > 20, true)
			}
			if err != nil {
				return err
			}
			if i < enough {
				err = n.Continue()
			} else {
				err = n.Errno(syscall.EAGAIN)
			}
			if err != nil && !errors.Is(err, ErrGone) {
				return err
			}
		}
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
		l, err := NewListener(f)
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
		flags := seccomp.Flags(0)
		if rig.KernelIs(5, 19) {
			flags = seccomp.WaitKillable // which the others of the stack do not get
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
		if err = rig.Is("asks nobody", err, seccomp.ErrNoNotify); err != nil {
			return err
		}
		go func() {
			runtime.LockOSThread()
			if err := seccomp.NoNewPrivs(); err != nil {
				result <- err
				return
			}
			_, err := Listen(seccomp.Filter{rig.Asking(unix.SYS_GETPPID)[0], rig.Unforeseen(unix.SYS_SECCOMP, seccomp.Errno(1)), rig.Always(seccomp.Allow)[0]}, 0)
			_, errno := getppid()
			result <- errors.Join(rig.Is("listen", err, syscall.EPERM), rig.Equal("asks", errno, syscall.ENOSYS),
				rig.Equal("says", strings.Contains(err.Error(), "program 3 of 3 (2 in force)"), true))
		}()
		return <-result
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
		"asks nobody":                   {rig.Always(seccomp.Allow), 0, seccomp.ErrNoNotify, "0 of 1"},
		"asks twice":                    {seccomp.Filter{notify, notify}, 0, seccomp.ErrNoNotify, "2 of 2"},
		"two compute":                   {seccomp.Filter{computes, computes}, 0, seccomp.ErrNoNotify, "2 of 2"},
		"invalid program":               {seccomp.Filter{{{Op: 0x06}, {Op: 0x00}}}, 0, bpf.ErrInvalid, "program 1 of 1"},
		"threads that differ":           {rig.Asking(1), seccomp.TSync, nil, "TSYNC_ESRCH"},
		"denies the next":               {seccomp.Filter{rig.Denying(unix.SYS_SECCOMP, seccomp.Notify), rig.Always(seccomp.Allow)[0]}, 0, seccomp.ErrFilter, "program 2 of 2"},
		"denies a listener to the next": {seccomp.Filter{listenerless, notify}, 0, seccomp.ErrFilter, "program 2 of 2"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Listen(tt.filter, tt.flags)
			require.Nil(t, l)
			require.ErrorContains(t, err, tt.says)
			if tt.is != nil {
				require.ErrorIs(t, err, tt.is)
			}
		})
	}
	rig.RequireFree(t)
}

// TestNewListenerRefuses has files that are no listeners.
func TestNewListenerRefuses(t *testing.T) {
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
		_, err := NewListener(f)
		require.ErrorIs(t, err, syscall.ENOTTY, name)
		_, err = f.Stat()
		require.NoError(t, err, "%s is left open", name)
	}
	closed := os.NewFile(^uintptr(0), "closed")
	_, err = NewListener(closed)
	require.Error(t, err)
	r.Close()
	_, err = NewListener(r)
	require.ErrorIs(t, err, os.ErrClosed)
}
