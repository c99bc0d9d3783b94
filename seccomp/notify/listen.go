// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
)

// This file is the way in for a thread that filters itself: it installs a filter and gets
// the filter's listener.

// Listen filters the calling thread as Install does, under the same rules, and returns
// the listener of the program that answers Notify, as seccomp(2) has returned it:
// close-on-exec, and the caller's to close. Calls with that answer wait until the
// listener's holder has dealt with them. See seccomp_unotify(2).
//
// Once the filter is in force Listen makes no call, so that a launcher can ask about
// any: it gives the number to whoever supervises it, which is a thread or process that
// shares its descriptors, or one that fetches it (pidfd_getfd(2)). There os.NewFile and
// FileListener make a Listener of it; both make calls. The Go runtime makes calls of its
// own on every thread all the same: rt_sigreturn(2) after its own signals, and futex(2),
// madvise(2) and more where the goroutine allocates, blocks or lets another run. Something else must answer those, or the filter belongs on a child
// (launch.Command). So does one that asks about clone(2), with which os/exec forks, or
// about what else is called without the scheduler's knowledge (syscall.RawSyscall): the
// thread keeps one of GOMAXPROCS while it waits, and a garbage collection waits for it.
// With TSync, which needs TSyncESRCH beside it, the supervisor's threads are supervised
// too.
//
// A thread ends with the goroutine that is locked to it, but for the process's first:
// a filter on that is in use as long as the process lives.
//
// Of a stack one program asks, and has the listener; the others are installed in their
// place without one. If a later program of the stack is refused, there is an error and a
// descriptor, and the error says how many programs are in force. The descriptor is -1 if
// the program that asks is not.
//
// Errors are those of Install. The error about a filter without a program that answers
// Notify, or with several, wraps ErrFilter. syscall.EBUSY means that an older filter
// of this thread has a listener: the kernel allows one. Listeners need Linux
// 5.0, TSyncESRCH 5.7.
func Listen(f seccomp.Filter, flags seccomp.Flags) (FD, error) {
	fd, err := listen(f, flags)
	if err != nil {
		return FD(fd), fmt.Errorf("seccomp: listen: %w", err)
	}
	return FD(fd), nil
}
