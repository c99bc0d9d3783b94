// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// guard receives, and ends that after a while. The kernel waits there for a call,
// whatever O_NONBLOCK says: for the next one where calls follow each other, which
// is the fastest way to get it, but for ever where none comes, or where
// another holder of the listener was faster.
//
// Nothing but a signal ends that, and after a signal handler of Go the kernel begins
// again. It then looks its descriptor up anew. So receiving goes through a descriptor
// of its own; to end it, first another file is put in the descriptor's place, and
// then the thread gets a signal that does nothing. Where the program ignores that
// signal too, or may not send it, receiving only begins when a call is there, and what may then go on is
// receiving a call that is gone or was received elsewhere: until there is another.
type guard struct {
	mu        sync.Mutex
	file      *os.File // a duplicate of the listener
	fd        int      // of file
	blank     int      // what is put there, which knows no such ioctl: the poller
	count     int      // of receivings
	receiving bool
	tid       int  // of the thread that is
	sprung    bool // fd is not the listener any more
	watching  bool
	deaf      atomic.Bool // a filter denies the signal
}

// tick is how long receiving waits for a call at least, and half of the most.
const tick = time.Millisecond

// arm makes the guard ready. It takes no descriptor later, when there may be none left.
func (g *guard) arm(listener, blank uintptr) error {
	fd, err := unix.FcntlInt(listener, unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return err
	}
	g.deaf.Store(unix.Tgkill(os.Getpid(), unix.Gettid(), 0) != nil)
	g.fd, g.file, g.blank = fd, os.NewFile(uintptr(fd), "duplicate of a seccomp listener"), int(blank)
	return nil
}

// receive does that with a duplicate of the listener. The errno is EINTR if it
// was ended. The poller must stay open meanwhile.
func (g *guard) receive(listener uintptr, receive func(fd uintptr) unix.Errno) unix.Errno {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := g.begin(listener); err != 0 {
		return err
	}
	errno := receive(uintptr(g.fd))
	if g.end() && errno != 0 {
		errno = unix.EINTR // perhaps it began again, with the other file
	}
	return errno
}

// begin notes which thread receives, for the goroutine that watches to signal. If the last
// receiving was ended, the guard's duplicate stands for another file and is replaced first.
func (g *guard) begin(listener uintptr) unix.Errno {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.sprung {
		if errno := replace(g.fd, int(listener)); errno != 0 {
			return errno
		}
		g.sprung = false
	}
	if !g.watching {
		g.watching = true
		go g.watch()
	}
	g.count++
	g.receiving, g.tid = true, unix.Gettid()
	return 0
}

// end says whether receiving was ended.
func (g *guard) end() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.receiving = false
	return g.sprung
}

// watch goes on as long as something is received now and then.
func (g *guard) watch() {
	for last := -1; ; {
		time.Sleep(tick)
		g.mu.Lock()
		switch {
		case g.count != last:
			last = g.count
		case g.receiving:
			g.spring()
		default:
			g.watching = false
		}
		watching := g.watching
		g.mu.Unlock()
		if !watching {
			return
		}
	}
}

// spring ends receiving.
func (g *guard) spring() {
	if !g.sprung && replace(g.fd, g.blank) != 0 {
		return // at the next tick, perhaps
	}
	g.sprung = true
	g.deaf.Store(unix.Tgkill(os.Getpid(), g.tid, unix.SIGURG) != nil) // which Go's runtime sends itself
}

// replace puts a file in the place of another.
func replace(fd, by int) unix.Errno {
	_, _, errno := unix.Syscall(unix.SYS_DUP3, uintptr(by), uintptr(fd), unix.O_CLOEXEC)
	return errno
}

func (g *guard) close() {
	if g.file != nil {
		g.file.Close()
	}
}
