// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// childEnv marks the process that measures.
const childEnv = "SIEVE_BENCH_CHILD"

// task is what a fresh child does: attach the program, then make each call
// Slices times Calls times.
type task struct {
	Program []bpf.RawInstruction
	Slices  int
	Calls   []syscallArgs
}

type syscallArgs struct {
	Nr   uint32
	Args [6]uint64
}

// callsPerSlice is how many calls are made between two looks at the clock.
const callsPerSlice = 4000

// answer is what the child found: nanoseconds of the seccomp call alone, and
// the least time of one call of each kind.
type answer struct {
	Attach int64
	Errno  syscall.Errno
	Calls  []float64
}

// measure starts a child for a task.
func measure(t *task) (*answer, error) {
	in, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/proc/self/exe")
	// No garbage collection and no preemption by signals: nothing but the task's
	// own calls may be made by the filtered thread.
	cmd.Env = append(os.Environ(), childEnv+"=1", "GOGC=off", "GODEBUG=asyncpreemptoff=1")
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	go func() {
		pipe.Write(in)
		pipe.Close()
	}()
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("child: %w", err)
	}
	var a answer
	if err := json.Unmarshal(out, &a); err != nil {
		return nil, fmt.Errorf("child said %q: %w", out, err)
	}
	if a.Errno != 0 {
		return nil, fmt.Errorf("child: seccomp: %w", a.Errno)
	}
	return &a, nil
}

// child does the task on standard input. The thread that attaches the filter is
// filtered alone: another one, which is free, reports.
func child() error {
	var t task
	if err := json.NewDecoder(os.Stdin).Decode(&t); err != nil {
		return err
	}
	if len(t.Program) == 0 && t.Slices == 0 {
		return errors.New("nothing to do")
	}
	w := worker{task: &t, answer: answer{Calls: make([]float64, len(t.Calls))}}
	go w.work()
	for !w.done.Load() {
		time.Sleep(100 * time.Microsecond)
	}
	return json.NewEncoder(os.Stdout).Encode(&w.answer)
}

type worker struct {
	task   *task
	answer answer
	done   atomic.Bool
}

// nanotime is the monotonic clock, read without a system call and without a
// place at which the scheduler could step in.
//
//go:linkname nanotime runtime.nanotime
func nanotime() int64

// work attaches the filter and makes the calls. After that it only waits for
// the process to end.
func (w *worker) work() {
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		w.answer.Errno = err.(syscall.Errno)
		w.done.Store(true)
		return
	}
	w.filtered()
	//lint:ignore SA5002 a thread that runs, and never returns to the scheduler
	for {
	}
}

// filtered is everything that the filtered thread does. Its callees cannot be
// preempted, so no call is made but the measured ones.
func (w *worker) filtered() {
	if program := w.task.Program; len(program) > 0 {
		prog := unix.SockFprog{Len: uint16(len(program)), Filter: (*unix.SockFilter)(unsafe.Pointer(&program[0]))}
		start := nanotime()
		_, _, errno := syscall.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog)))
		w.answer.Attach = nanotime() - start
		w.answer.Errno = errno
		if errno != 0 {
			w.done.Store(true)
			return
		}
	}
	for range w.task.Slices {
		for i := range w.task.Calls {
			c := &w.task.Calls[i]
			nr, a := uintptr(c.Nr), c.Args
			start := nanotime()
			for range callsPerSlice {
				syscall.RawSyscall6(nr, uintptr(a[0]), uintptr(a[1]), uintptr(a[2]), uintptr(a[3]), uintptr(a[4]), uintptr(a[5]))
			}
			if ns := float64(nanotime()-start) / callsPerSlice; w.answer.Calls[i] == 0 || ns < w.answer.Calls[i] {
				w.answer.Calls[i] = ns
			}
		}
	}
	w.done.Store(true)
}
