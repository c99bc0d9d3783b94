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

// The main goroutine of a child stays on the process's first thread, and nothing else
// comes there: the runtime parks that thread where it ends others with the goroutine
// that is locked to them, and whatever filter is on it stays in use. Only here is it
// certain that it is not on another thread already.
func init() {
	if isChild() {
		runtime.LockOSThread()
	}
}

func isChild() bool { return slices.Contains(os.Environ(), environment) }

// Main runs the tests of a package, or in a child the child. Install puts
// a filter on the calling thread; it sets no_new_privs if it must. Scenes are
// what a Job's Scene may name: they run on a locked thread too.
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

// onThread does something on a thread of its own, and says whether it came to its end:
// a filter may kill the thread. The process is over then but for its exit, as such a
// thread never gives back the processor of Go's scheduler that it had: the caller needs
// another one, and a collection would wait for it. Those must be off since the start of
// the process (GOGC=off), as one may begin before main does.
func onThread(do func()) bool {
	runtime.GOMAXPROCS(max(2, runtime.GOMAXPROCS(0)))
	var thread uint32 // its id, until the kernel clears it
	begun := make(chan struct{})
	var finished atomic.Bool
	go func() {
		runtime.LockOSThread()
		atomic.StoreUint32(&thread, uint32(unix.Gettid()))
		// The kernel clears and wakes this when the thread ends, even by a filter.
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

// await returns when the kernel has cleared the word.
func await(word *uint32) {
	for {
		value := atomic.LoadUint32(word)
		if value == 0 {
			return
		}
		unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)), futexWait, uintptr(value), 0, 0, 0)
	}
}

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

// send writes a report, on the thread that has the filter.
func send(r report) {
	const pipe = 3
	n, _, errno := unix.RawSyscall(unix.SYS_WRITE, pipe, uintptr(unsafe.Pointer(&r)), unsafe.Sizeof(r))
	if errno != 0 || n != unsafe.Sizeof(r) {
		trouble(fmt.Errorf("report: %w", errno))
	}
}

func trouble(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(exitTrouble)
}

// defaultAction takes a signal from Go's runtime, which would print a report and exit.
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
