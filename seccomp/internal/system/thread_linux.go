// SPDX-License-Identifier: Apache-2.0

package system

import (
	"errors"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file has what a tracer needs: a thread of its own, and waiting for what it traces.

// OnOwnThread has a thread do something that ends with it, and returns once it has
// begun: a tracer is a thread, and the kernel lets go of those it traces when
// it ends, whatever their state.
//
// It must be one that has started no process: those are waited for like tracees, and
// can be made to end with the thread (PR_SET_PDEATHSIG). The first thread never ends,
// and inherits processes of those that do.
func OnOwnThread(do func()) error {
	begun := make(chan error)
	go tryThread(do, begun, mostThreads)
	return <-begun
}

// mostThreads is how many threads are tried, all of which start processes or are made
// anew.
const mostThreads = 1000

// tryThread runs do on its thread if that is neither the first nor has children, and else
// tries another while it keeps this one busy. left is how many more may be tried.
func tryThread(do func(), begun chan<- error, left int) {
	runtime.LockOSThread()
	_, _, errno := Next(unix.WEXITED | unix.WNOHANG)
	if errno == unix.ECHILD && unix.Gettid() != os.Getpid() {
		begun <- nil
		do()
		return // and the thread ends
	}
	defer runtime.UnlockOSThread()
	if errno != 0 && errno != unix.ECHILD && errno != unix.EINTR {
		begun <- os.NewSyscallError("waitid", errno)
		return
	}
	if left == 0 {
		begun <- errors.New("no thread without processes of its own")
		return
	}
	found := make(chan error)
	go tryThread(do, found, left-1) // on another thread, as this one is kept
	begun <- <-found
}

// Next is who has stopped or ended, and leaves that to be waited for.
func Next(options int) (pid int, ended bool, errno unix.Errno) {
	var info struct {
		unix.Siginfo
		_ [16]byte
	}
	_, _, errno = unix.Syscall6(unix.SYS_WAITID, unix.P_ALL, 0, uintptr(unsafe.Pointer(&info)),
		uintptr(options|unix.WNOWAIT|unix.WALL|unix.WNOTHREAD), 0, 0)
	if errno != 0 || info.Signo == 0 {
		return 0, false, errno
	}
	const after = 16 // si_pid's place on 64-bit ABIs (asm-generic/siginfo.h)
	pid = int(*(*int32)(unsafe.Add(unsafe.Pointer(&info), after)))
	return pid, HasEnded(info.Code), 0
}

// HasEnded is for CLD_EXITED, CLD_KILLED and CLD_DUMPED (asm-generic/siginfo.h).
func HasEnded(code int32) bool { return code >= 1 && code <= 3 }
