// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"os"
	"runtime"
	"sync"
	"syscall"

	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// This file finds the limit of open files that the child gets. The Go runtime raises the
// soft limit (RLIMIT_NOFILE) to one below the hard one when a program starts, and package
// syscall gives children the one from before. Programs that go through all possible
// descriptors depend on that.

// openFiles is the limit for the child, or nil if it is the launcher's.
func openFiles() *unix.Rlimit {
	var own unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &own) != nil || own.Cur != own.Max-1 {
		return nil
	}
	soft := softLimit()
	if soft >= own.Cur {
		return nil
	}
	return &unix.Rlimit{Cur: soft, Max: own.Max}
}

// softLimit is the soft limit that package syscall gives to children; it has no
// other way to tell. A child that is traced stops before it executes its first
// instruction, is asked, and killed. Where that is not allowed the answer is
// the largest number: the child keeps the launcher's limit.
var softLimit = sync.OnceValue(func() uint64 {
	limit, left := ^uint64(0), 0
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // the tracer is a thread; this one ends with it
		limit, left = askChild()
	}()
	<-done
	if left != 0 {
		_ = awaitEnd(left) // the kernel ends it; no more can be done about that
	}
	return limit
})

// askChild returns the limit, and the id of a child that ends only once its tracer,
// the calling thread, has: it was made to die with that.
func askChild() (limit uint64, left int) {
	// Both must fail. Where close(2) is denied package syscall waits for ever for its
	// child, and where ptrace(2) is answered with success and not done the child
	// would run.
	if unix.Close(-1) != unix.EBADF || system.Detach(os.Getpid(), 0) == nil {
		return ^uint64(0), 0
	}
	pid, err := syscall.ForkExec("/proc/self/exe", []string{"limit"}, &syscall.ProcAttr{
		Sys: &syscall.SysProcAttr{Ptrace: true, Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		return ^uint64(0), 0
	}
	status, err := reap(pid)
	if err != nil {
		return ^uint64(0), pid
	}
	if !status.Stopped() {
		return ^uint64(0), 0
	}
	limit = ^uint64(0)
	var child unix.Rlimit
	if unix.Prlimit(pid, unix.RLIMIT_NOFILE, nil, &child) == nil {
		limit = child.Cur
	}
	// A filter that the launcher is under may deny kill(2), and more.
	if system.Detach(pid, unix.SIGKILL) != nil && kill(pid) != nil || awaitEnd(pid) != nil {
		return limit, pid
	}
	return limit, 0
}
