// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"os"
	"runtime"
	"sync"

	"golang.org/x/sys/unix"
)

// decoy ends receiving that waits because another holder of the listener has been
// faster: between the poller's word and the kernel's receiving, the call that
// there was may have been received elsewhere. The kernel then waits for the next
// one, whatever O_NONBLOCK says.
//
// Nothing but a signal ends that, and after a signal handler of Go the kernel begins
// again. It then looks its descriptor up anew. So receiving goes through a descriptor
// of its own; to end it, first another file is put in the descriptor's place, and
// then the thread gets a signal that does nothing.
type decoy struct {
	mu        sync.Mutex
	fd        int // a duplicate of the listener, while ready
	blank     int // a file that knows no ioctl, while ready
	ready     bool
	receiving bool // by the thread tid
	tid       int
	sprung    bool  // fd is not the listener any more
	refuses   error // what receiving that has not begun shall fail with
}

// receive does that with a duplicate of the listener. The errno is EINTR if it
// was ended.
func (d *decoy) receive(listener uintptr, receive func(fd uintptr) unix.Errno) (unix.Errno, error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	fd, err := d.begin(listener)
	if err != nil {
		return 0, err
	}
	errno := receive(uintptr(fd))
	if d.end() && errno == unix.ENOTTY {
		errno = unix.EINTR // it began again, with the other file
	}
	return errno, nil
}

func (d *decoy) begin(listener uintptr) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuses != nil {
		return -1, d.refuses
	}
	if err := d.prepare(listener); err != nil {
		return -1, err
	}
	d.receiving, d.tid = true, unix.Gettid()
	return d.fd, nil
}

func (d *decoy) prepare(listener uintptr) (err error) {
	if d.ready {
		return nil
	}
	if d.fd, err = unix.FcntlInt(listener, unix.F_DUPFD_CLOEXEC, 0); err != nil {
		return os.NewSyscallError("fcntl", err)
	}
	if d.blank, err = unix.Eventfd(0, unix.EFD_CLOEXEC); err != nil {
		unix.Close(d.fd)
		return os.NewSyscallError("eventfd", err)
	}
	d.ready = true
	return nil
}

// end says whether receiving was ended.
func (d *decoy) end() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.receiving = false
	sprung := d.sprung
	if sprung {
		d.drop()
	}
	return sprung
}

func (d *decoy) drop() {
	if d.ready {
		unix.Close(d.fd)
		unix.Close(d.blank)
	}
	d.ready, d.sprung = false, false
}

// refuse ends receiving, and lets none begin until there is no reason any more.
func (d *decoy) refuse(reason error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuses != os.ErrClosed {
		d.refuses = reason
	}
	if reason != nil && d.receiving && !d.sprung {
		d.sprung = true
		unix.Dup3(d.blank, d.fd, unix.O_CLOEXEC)
		unix.Tgkill(unix.Getpid(), d.tid, unix.SIGURG) // which Go's runtime sends itself
	}
}

func (d *decoy) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop()
}
