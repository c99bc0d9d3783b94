// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"os"
	"runtime"
	"sync"
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
// signal too, receiving only begins when a call is there, and what may then go on is
// receiving a call that is gone or was received elsewhere: until there is another.
type guard struct {
	mu        sync.Mutex
	file      *os.File // a duplicate of the listener, or nil
	fd        int      // of file
	count     int      // of receivings
	receiving bool
	tid       int  // of the thread that is
	sprung    bool // fd is not the listener any more
	watching  bool
}

// tick is how long receiving waits for a call at least, and half of the most.
const tick = time.Millisecond

// receive does that with a duplicate of the listener. The errno is EINTR if it
// was ended.
func (g *guard) receive(listener uintptr, receive func(fd uintptr) unix.Errno) unix.Errno {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd, err := g.begin(listener)
	if err != 0 {
		return err
	}
	errno := receive(uintptr(fd))
	if g.end() && errno != 0 {
		errno = unix.EINTR // perhaps it began again, with the other file
	}
	return errno
}

func (g *guard) begin(listener uintptr) (int, unix.Errno) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.file == nil {
		fd, _, errno := unix.Syscall(unix.SYS_FCNTL, listener, unix.F_DUPFD_CLOEXEC, 0)
		if errno != 0 {
			return -1, errno
		}
		g.fd, g.file = int(fd), os.NewFile(fd, "duplicate of a seccomp listener")
	}
	if !g.watching {
		g.watching = true
		go g.watch()
	}
	g.count++
	g.receiving, g.tid = true, unix.Gettid()
	return g.fd, 0
}

// end says whether receiving was ended.
func (g *guard) end() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.receiving = false
	if !g.sprung {
		return false
	}
	g.sprung = false
	g.drop()
	return true
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

// spring ends receiving, or does so at the next tick if descriptors are short.
func (g *guard) spring() {
	if !g.sprung {
		blank, err := unix.Eventfd(0, unix.EFD_CLOEXEC) // knows no ioctl
		if err != nil {
			return
		}
		defer unix.Close(blank)
		if unix.Dup3(blank, g.fd, unix.O_CLOEXEC) != nil {
			return
		}
		g.sprung = true
	}
	unix.Tgkill(os.Getpid(), g.tid, unix.SIGURG) // which Go's runtime sends itself
}

func (g *guard) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.drop()
}

func (g *guard) drop() {
	if g.file != nil {
		g.file.Close()
		g.file = nil
	}
}
