// SPDX-License-Identifier: Apache-2.0

package kerneltest

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
)

// How a child ends that does not end well.
const (
	exitThreadEnded = 3
	exitTrouble     = 4
)

// The main goroutine of a child is locked to the process's first thread, so that no other
// goroutine runs there. The runtime ends any other thread with the goroutine that is
// locked to it, but only parks the first one, and a filter on it would stay in use. The
// lock must be taken in init: later the main goroutine may be on another thread.
func init() {
	if isChild() {
		runtime.LockOSThread()
	}
}

func isChild() bool { return slices.Contains(os.Environ(), environment) }

// Main runs the tests of a package or, in a child, the child's Job. Install puts a filter
// on the calling thread, and sets no_new_privs first if it must. Scenes are the functions
// that a Job's Scene may name; they run on the thread that has the filter.
func Main(m *testing.M, install func(programs []bpf.Program, flags uint32) error, scenes map[string]func() error) {
	if !isChild() {
		os.Exit(m.Run())
	}
	var j Job
	if err := json.NewDecoder(os.Stdin).Decode(&j); err != nil {
		trouble(err)
	}
	if !onThread(func() { j.do(install, scenes) }) {
		os.Exit(exitThreadEnded)
	}
	os.Exit(0)
}

// onThread calls a function on a thread of its own, and returns whether the function
// returned: a filter may kill the thread. After such a death the process can do no more
// than exit. The dead thread keeps the processor of Go's scheduler (the P) that it had, so
// the caller needs a second one, and a garbage collection would wait for the first for
// ever. Collections must be off from the start of the process (GOGC=off), as one may begin
// before main does.
func onThread(do func()) bool {
	runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
	var thread uint32 // the thread's id; the kernel writes 0 when the thread ends
	begun := make(chan struct{})
	var finished atomic.Bool
	go func() {
		runtime.LockOSThread()
		atomic.StoreUint32(&thread, uint32(unix.Gettid()))
		// CLONE_CHILD_CLEARTID after the fact: the kernel clears the word and wakes those who
		// wait for it when the thread ends, also when a filter ended it. See set_tid_address(2).
		unix.RawSyscall(unix.SYS_SET_TID_ADDRESS, uintptr(unsafe.Pointer(&thread)), 0, 0)
		close(begun)
		do()
		finished.Store(true)
	}()
	<-begun
	await(&thread)
	return finished.Load()
}

const futexWait = 0 // FUTEX_WAIT, include/uapi/linux/futex.h

// await returns when the kernel has cleared the word. It makes no assumption about wakeups
// without reason: it looks at the word again.
func await(word *uint32) {
	for {
		value := atomic.LoadUint32(word)
		if value == 0 {
			return
		}
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWait, uintptr(value), 0, 0, 0)
	}
}

// do does the job, in the child.
func (j Job) do(install func([]bpf.Program, uint32) error, scenes map[string]func() error) {
	defaultAction(syscall.SIGSYS)
	defaultAction(syscall.SIGILL)
	if len(j.Programs) > 0 {
		if err := install(j.Programs, j.Flags); err != nil {
			trouble(err)
		}
	}
	if j.Scene != "" {
		scene, ok := scenes[j.Scene]
		if !ok {
			trouble(fmt.Errorf("no scene %q", j.Scene))
		}
		if err := scene(); err != nil {
			trouble(err)
		}
	}
	for _, c := range j.Calls {
		send(c.do())
	}
	send(done)
}

// do makes the call and reports what it returned.
func (c Call) do() report {
	if c.I386 {
		args := [6]uint32{}
		for i, a := range c.Args {
			args[i] = uint32(a)
		}
		r := int80(c.Nr, &args)
		if errno := -int32(r); errno > 0 && errno < 4096 {
			return report{Errno: uint64(errno)}
		}
		return report{Value: uint64(r)}
	}
	a := c.Args
	r, _, errno := unix.RawSyscall6(uintptr(c.Nr), uintptr(a[0]), uintptr(a[1]), uintptr(a[2]), uintptr(a[3]), uintptr(a[4]), uintptr(a[5]))
	if errno != 0 {
		return report{Errno: uint64(errno)}
	}
	return report{Value: uint64(r)}
}

// send writes a report. It runs on the thread that has the filter, so it makes one call
// and nothing else: a filter that allows write(2) suffices.
func send(r report) {
	const pipe = 3 // the first of exec.Cmd's ExtraFiles
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, pipe, uintptr(unsafe.Pointer(&r)), unsafe.Sizeof(r))
	if errno != 0 || n != unsafe.Sizeof(r) {
		trouble(fmt.Errorf("report: %w", errno))
	}
}

// trouble ends a child that could not do its job.
func trouble(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(exitTrouble)
}

// defaultAction sets a signal to its default action. Go's runtime handles the signal
// otherwise, prints a report and exits with status 2, which hides the signal that ended
// the child.
func defaultAction(signal syscall.Signal) {
	var action [64]byte     // struct sigaction of any ABI is shorter; its handler 0 is SIG_DFL
	maskBytes := uintptr(8) // _NSIG / 8
	if strings.HasPrefix(runtime.GOARCH, "mips") {
		maskBytes = 16
	}
	_, _, errno := unix.RawSyscall6(unix.SYS_RT_SIGACTION, uintptr(signal), uintptr(unsafe.Pointer(&action)), 0, maskBytes, 0, 0)
	if errno != 0 {
		trouble(fmt.Errorf("sigaction: %w", errno))
	}
}
