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
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/internal/test/rig"
)

func init() {
	maps.Copy(listening, receiving) // for TestListen
	maps.Copy(scenes, receiving)
}

// receiving are the scenes of waiting for calls.
var receiving = map[string]func() error{
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
		second, err := FileListener(other)
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
}
