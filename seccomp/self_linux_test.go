// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/goruntime"
	"github.com/gosieve/sieve/internal/test/rig"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// selfScenes are those of InstallSelf, which restricts the whole process.
var selfScenes = map[string]func() error{
	"self, all threads follow": func() error {
		for range 3 {
			otherThread(func() error { return nil })
		}
		if err := rig.Always(seccomp.Allow).InstallSelf(seccomp.LogAll); err != nil {
			return err
		}
		return eachThread(4, "NoNewPrivs:\t1", "Seccomp:\t2")
	},
	"self, a thread cannot follow": func() error {
		tid := otherThread(func() error { return rig.InstallInChild(rig.Always(seccomp.Allow), 0) })
		err := rig.Always(seccomp.Allow).InstallSelf(0)
		if err := rig.Fails(err, fmt.Sprintf("thread %d cannot follow", tid), seccomp.ErrThread); err != nil {
			return err
		}
		return eachOtherThread(tid, "Seccomp:\t0")
	},
	"self, a thread cannot follow and is not named": func() error {
		otherThread(func() error { return rig.InstallInChild(rig.Always(seccomp.Allow), 0) })
		return notNamed(rig.Always(seccomp.Allow).InstallSelf(seccomp.TSyncESRCH))
	},
	"self, the calling thread's older filter goes to all": func() error {
		otherThread(func() error { return nil })
		if err := rig.InstallInChild(rig.Always(seccomp.Allow), 0); err != nil {
			return err
		}
		if err := rig.Always(seccomp.Allow).InstallSelf(0); err != nil {
			return err
		}
		lines := []string{"NoNewPrivs:\t1", "Seccomp:\t2"}
		if system.Kernel() >= 5<<8|9 {
			lines = append(lines, "Seccomp_filters:\t2")
		}
		return eachThread(2, lines...)
	},
	"self, the runtime could not live": func() error {
		err := seccomp.Filter{rig.Denying(unix.SYS_CLONE, seccomp.Errno(1)), rig.Denying(unix.SYS_MADVISE, seccomp.KillThread)}.InstallSelf(0)
		if !errors.Is(err, seccomp.ErrFilter) || !strings.Contains(err.Error(), "the Go runtime cannot live") || !strings.Contains(err.Error(), "\tclone(") || !strings.Contains(err.Error(), "\tmadvise(") {
			return fmt.Errorf("unexpected: %w", err)
		}
		return eachThread(1, "NoNewPrivs:\t0", "Seccomp:\t0")
	},
	"self, a listener is refused": func() error {
		err := rig.Always(seccomp.Allow).InstallSelf(seccomp.NewListener)
		return rig.Want(err, err != nil && strings.Contains(err.Error(), "no listener is returned"))
	},
	"self, under what the runtime needs alone": func() error {
		filter, err := runtimeOnly().Compile()
		if err != nil {
			return err
		}
		if err := filter.InstallSelf(0); err != nil {
			return err
		}
		return workout()
	},
}

// eachThread says whether all threads, and at least so many, have those lines in
// their status.
func eachThread(least int, lines ...string) error {
	seen := 0
	err := threads(func(tid, status string) error {
		for _, line := range lines {
			if !strings.Contains(status, "\n"+line+"\n") {
				return fmt.Errorf("thread %s: want %q in\n%s", tid, line, status)
			}
		}
		seen++
		return nil
	})
	if err == nil && seen < least {
		err = fmt.Errorf("%d threads, want %d", seen, least)
	}
	return err
}

// eachOtherThread is eachThread for all but one.
func eachOtherThread(but int, line string) error {
	return threads(func(tid, status string) error {
		if tid != fmt.Sprint(but) && !strings.Contains(status, "\n"+line+"\n") {
			return fmt.Errorf("thread %s: want %q in\n%s", tid, line, status)
		}
		return nil
	})
}

// threads calls f for the threads of this process that have not ended.
func threads(f func(tid, status string) error) error {
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return err
	}
	for _, task := range tasks {
		b, err := os.ReadFile("/proc/self/task/" + task.Name() + "/status")
		if errors.Is(err, os.ErrNotExist) || errors.Is(err, unix.ESRCH) {
			continue
		}
		if err != nil {
			return err
		}
		if err := f(task.Name(), string(b)); err != nil {
			return err
		}
	}
	return nil
}

// pinned are the arguments that runtimeOnly compares: flags and operations.
var pinned = map[string][]int{
	"clone": {0}, "mmap": {2, 3}, "mmap2": {2, 3}, "madvise": {2}, "prctl": {0, 1}, "rt_sigprocmask": {0, 3}, "tgkill": {2},
	"futex": {1}, "futex_time64": {1}, "clock_gettime": {0}, "epoll_create1": {0}, "eventfd2": {0, 1}, "epoll_ctl": {1},
}

// runtimeOnly kills for every call that is not in the list, denies what is
// tolerated, and allows what is required, with the very flags.
func runtimeOnly() *seccomp.Policy {
	abi := arch.Native()
	p := &seccomp.Policy{Arches: []arch.Arch{abi}, Default: seccomp.KillProcess, BadArch: seccomp.KillProcess}
	for _, c := range goruntime.Calls(abi, system.Kernel()) {
		r := seccomp.Rule{Syscalls: []string{c.Name}, Action: seccomp.Allow}
		switch {
		case c.Need == goruntime.Optional || c.Cgo && !seccomp.IsCgo():
			continue
		case c.Need == goruntime.Tolerated && c.Errno != 0:
			r.Action = seccomp.Errno(c.Errno)
		case c.Need == goruntime.Tolerated:
			r.Action = seccomp.Errno(uint16(unix.EPERM))
		}
		if abi == arch.S390X {
			r.Args = nil // mmap has them in memory
		} else if !seccomp.IsCgo() || c.Name == "clone" || c.Name == "prctl" || c.Name == "tgkill" {
			for _, i := range pinned[c.Name] {
				r.Args = append(r.Args, seccomp.Arg{Index: i, Op: seccomp.EQ, Value: c.Args[i]})
			}
		}
		p.Rules = append(p.Rules, r)
	}
	// What the test itself needs: kerneltest's first thread waits for the one that
	// has this scene, and pipes.
	p.Rules = append(p.Rules,
		seccomp.Rule{Syscalls: []string{"futex"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: 0}}, Action: seccomp.Allow},
		seccomp.Rule{Syscalls: []string{"pipe2", "fcntl", "fcntl64", "close"}, Action: seccomp.Allow})
	return p
}

// workout makes the runtime do everything that it does: threads that begin and
// end, a heap that grows and shrinks, goroutines that must be preempted, timers,
// the poller, and the look at the processors that it takes once in a second.
func workout() error {
	end := time.Now().Add(2500 * time.Millisecond)
	stop := make(chan struct{})
	var all sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		all.Go(func() { // never yields
			for n := 0; ; n++ {
				if n&0xfffff == 0 {
					select {
					case <-stop:
						return
					default:
					}
				}
			}
		})
	}
	for time.Now().Before(end) {
		var short sync.WaitGroup
		for range 20 {
			short.Go(func() {
				runtime.LockOSThread() // a thread that ends with its goroutine
				time.Sleep(time.Millisecond)
			})
		}
		if err := throughPipe(); err != nil {
			return err
		}
		heap := make([][]byte, 64)
		for i := range heap {
			heap[i] = make([]byte, 1<<20)
			heap[i][i] = 1
		}
		runtime.KeepAlive(heap)
		runtime.GC()
		short.Wait()
	}
	close(stop)
	all.Wait()
	return nil
}

// throughPipe waits for a byte in the poller.
func throughPipe() error {
	r, w, err := os.Pipe()
	if err != nil {
		return err
	}
	defer r.Close()
	time.AfterFunc(5*time.Millisecond, func() {
		w.Write([]byte{1})
		w.Close()
	})
	if err := r.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return err
	}
	_, err = r.Read(make([]byte, 1))
	return err
}
