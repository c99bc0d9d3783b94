// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
)

// This file is the way in for a thread that filters itself: it installs a filter and gets
// the filter's listener.

// Listen filters the calling thread as Install does, under the same rules, and
// returns the listener of the program that answers Notify: calls with that
// answer wait until the listener's holder has dealt with them. See
// seccomp_unotify(2).
//
// The caller's own thread is supervised from then on. Before it makes a call
// that the filter asks about, something else must receive from the listener:
// a goroutine on another thread, or another process. The Go runtime makes calls
// of its own on every thread, futex(2) first of all; a filter that asks about
// those belongs on a child (Command). So does one that asks about clone(2), with
// which os/exec forks, or about what else is called without the scheduler's
// knowledge (syscall.RawSyscall): the thread keeps one of GOMAXPROCS while it waits,
// and a garbage collection waits for it. With TSync, which needs TSyncESRCH
// beside it, the supervisor's threads are supervised too.
//
// A thread ends with the goroutine that is locked to it, but for the process's first:
// a filter on that is in use as long as the process lives.
//
// Of a stack one program asks, and has the listener; the others are installed
// in their place without one. If a later program of the stack is refused, the
// listener is closed and the error says how many programs are in force: calls
// that ask then fail with ENOSYS.
//
// Errors are those of Install. A filter without a program that answers Notify,
// or with several, wraps ErrNoNotify. syscall.EBUSY means that an older filter
// of this thread has a listener: the kernel allows one. Listeners need Linux
// 5.0, TSyncESRCH 5.7.
func Listen(f seccomp.Filter, flags seccomp.Flags) (*Listener, error) {
	l, err := listen(f, flags)
	if err != nil {
		return nil, fmt.Errorf("seccomp: listen: %w", err)
	}
	return l, nil
}

// ListenFD is Listen for a thread that must make no call of its own once the filter is
// in force: it returns the descriptor that seccomp(2) has returned, which is
// close-on-exec, and does so at once, also in a process with one thread and one
// processor. Listen has another thread make the Listener, and waits for that with
// futex(2); File duplicates the descriptor with fcntl(2), and os.NewFile asks with
// fcntl(2) too. A launcher that filters itself, and asks about such calls, gives the
// number to whoever supervises it: a thread or process that shares its descriptors,
// or one that fetches it (pidfd_getfd(2)). There os.NewFile and NewListener make a
// Listener of it.
//
// The Go runtime may make calls on the thread at any time all the same:
// rt_sigreturn(2) after its own signals, and futex(2), madvise(2) and more where the
// goroutine allocates, blocks or lets another run.
//
// The descriptor is -1 if the program that asks is not in force. It is the caller's
// to close, also beside an error about a later program of a stack.
func ListenFD(f seccomp.Filter, flags seccomp.Flags) (fd int, err error) {
	fd, err = listenFD(f, flags)
	if err != nil {
		return fd, fmt.Errorf("seccomp: listen: %w", err)
	}
	return fd, nil
}
