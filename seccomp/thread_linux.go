// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// onOwnThread has a thread do something that ends with it, and returns once it has
// begun: a tracer is a thread, and the kernel lets go of those it traces when
// it ends, whatever their state.
//
// It must be one that has started no process: those are waited for like tracees, and
// can be made to end with the thread (PR_SET_PDEATHSIG). The first thread never ends,
// and inherits processes of those that do.
func onOwnThread(do func()) error {
	begun := make(chan error)
	go tryThread(do, begun, mostThreads)
	return <-begun
}

// mostThreads is how many threads are tried, all of which start processes or are made
// anew.
const mostThreads = 1000

func tryThread(do func(), begun chan<- error, left int) {
	runtime.LockOSThread()
	_, _, errno := next(unix.WEXITED | unix.WNOHANG)
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
