// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
	"unsafe"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// This file reads back from the kernel what filters a process runs under.

// Installed reads the filters that a process runs under, the first installed
// first, as Filter holds them. It stops the process for a moment, which must
// not be traced, and needs CAP_SYS_ADMIN in the initial user namespace and
// a kernel with checkpoint support (PTRACE_SECCOMP_GET_FILTER, 4.4). Its programs
// are in this machine's byte order, whatever the process's ABI is.
//
// A process in an uninterruptible sleep does not stop. It is waited for until the
// context is done, and 10 seconds at most (context.DeadlineExceeded), and then goes on
// as it would have.
//
// The error wraps ErrNotSupported where the kernel cannot tell, and an errno
// otherwise: ESRCH for no such process, EPERM or EACCES without the privilege.
func Installed(ctx context.Context, pid int) (Filter, error) {
	if ctx == nil {
		ctx = context.Background()
	}
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	var filter Filter
	var err error
	done := make(chan struct{})
	// The kernel lets go of the process when the thread ends, whatever happens.
	if err := system.OnOwnThread(func() { defer close(done); filter, err = installed(ctx, pid) }); err != nil {
		return nil, fmt.Errorf("seccomp: process %d: %w", pid, err)
	}
	<-done
	return filter, err
}

// stopTime is how long a process may take to stop.
const stopTime = 10 * time.Second

// installed attaches to a process, stops it, reads its filters and lets it go on. It runs on
// one thread, since a tracer is a thread.
func installed(ctx context.Context, pid int) (Filter, error) {
	if err := unix.PtraceSeize(pid); err != nil {
		return nil, fmt.Errorf("seccomp: process %d: attach: %w", pid, err)
	}
	pending, err := interrupt(ctx, pid)
	if err != nil {
		return nil, fmt.Errorf("seccomp: process %d: stop: %w", pid, err)
	}
	defer system.Detach(pid, pending)
	return readInstalled(pid)
}

// interrupt stops a process that is attached to. If a signal was about to be
// delivered that is what it stops for, and it must get the signal when it goes on.
func interrupt(ctx context.Context, pid int) (pending unix.Signal, err error) {
	if err := unix.PtraceInterrupt(pid); err != nil {
		return 0, err
	}
	status, err := awaitStop(ctx, pid)
	if err != nil {
		return 0, err
	}
	if !status.Stopped() {
		return 0, fmt.Errorf("%w: it has ended", unix.ESRCH)
	}
	if event := int(status) >> 16; event == 0 {
		return status.StopSignal(), nil
	}
	return 0, nil
}

// awaitStop waits for the process to stop, in pauses from 20 microseconds to 5 milliseconds. A
// process in an uninterruptible sleep stops when that ends, so the context bounds the wait.
func awaitStop(ctx context.Context, pid int) (status unix.WaitStatus, err error) {
	for pause := 20 * time.Microsecond; ; pause = min(pause*3/2, 5*time.Millisecond) {
		got, err := unix.Wait4(pid, &status, unix.WALL|unix.WNOHANG, nil)
		switch {
		case err != nil && err != unix.EINTR:
			return 0, fmt.Errorf("wait4: %w", err)
		case err == nil && got == pid:
			return status, nil
		}
		select {
		case <-ctx.Done():
			return 0, fmt.Errorf("it does not, perhaps in an uninterruptible sleep: %w", ctx.Err())
		case <-time.After(pause):
		}
	}
}

// readInstalled reads the filters of a stopped process, which the kernel counts
// from the first installed (get_nth_filter, kernel/seccomp.c).
func readInstalled(pid int) (Filter, error) {
	var filter Filter
	for i := 0; ; i++ {
		program, err := installedProgram(pid, i)
		switch {
		case err == unix.ENOENT:
			return filter, nil
		case err == unix.EINVAL && i == 0:
			return nil, nil // not under seccomp
		case err == unix.EMEDIUMTYPE:
			return nil, fmt.Errorf("seccomp: process %d: filter %d is no classic BPF program", pid, i)
		case err == unix.EIO:
			return nil, fmt.Errorf("seccomp: process %d: %w: this kernel does not hand filters out", pid, ErrNotSupported)
		case err != nil:
			return nil, fmt.Errorf("seccomp: process %d: filter %d: %w", pid, i, err)
		}
		filter = append(filter, program)
	}
}

// installedProgram is filter i of a stopped process. The kernel is asked twice, for the length
// and for the instructions; a stopped process installs none in between.
func installedProgram(pid, i int) (bpf.Program, error) {
	n, err := getFilter(pid, i, nil)
	if err != nil {
		return nil, err
	}
	program := make(bpf.Program, n)
	if _, err := getFilter(pid, i, program); err != nil {
		return nil, err
	}
	return program, nil
}

// getFilter is PTRACE_SECCOMP_GET_FILTER (linux/ptrace.h): without room it says how
// many instructions the program has.
func getFilter(pid, i int, to bpf.Program) (int, error) {
	room := unsafe.SliceData(to) // nil for none
	n, _, errno := syscall.Syscall6(syscall.SYS_PTRACE, unix.PTRACE_SECCOMP_GET_FILTER, uintptr(pid), uintptr(i), uintptr(unsafe.Pointer(room)), 0, 0)
	if errno != 0 {
		return 0, errno
	}
	if len(to) > 0 && int(n) != len(to) {
		return 0, errors.New("the filter has changed")
	}
	return int(n), nil
}
