// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

func listen(f seccomp.Filter, flags seccomp.Flags) (*Listener, error) {
	sizes, err := notifySizes()
	if err != nil {
		return nil, err
	}
	// What this thread may do once the filter is in force is the filter's to
	// decide. The listener is therefore made by another one.
	fds, made := make(chan int), make(chan built)
	go func() {
		var b built
		if fd := <-fds; fd >= 0 {
			b.listener, b.err = sizedListener(fd, sizes)
		}
		made <- b
	}()
	fd, err := listenFD(f, flags)
	fds <- fd
	b := <-made
	switch {
	case err != nil && b.listener != nil:
		b.listener.Close()
		return nil, err
	case err != nil:
		return nil, err
	case b.err != nil:
		return nil, fmt.Errorf("%w (the filter is in force)", b.err)
	}
	return b.listener, nil
}

// built is a listener on its way from the thread that made it.
type built struct {
	listener *Listener
	err      error
}

// listenFD puts the programs in force. All that needs another call than seccomp(2),
// memory included, comes before the first.
func listenFD(f seccomp.Filter, flags seccomp.Flags) (int, error) {
	asker, err := f.Notifier()
	if err != nil {
		return -1, err
	}
	if err := f.Check(flags); err != nil {
		return -1, err
	}
	if flags&seccomp.TSync != 0 && flags&seccomp.TSyncESRCH == 0 {
		return -1, fmt.Errorf("flags %v: a listener with TSYNC needs TSYNC_ESRCH", flags)
	}
	if err := system.CheckAnswer(flags); err != nil {
		return -1, err
	}
	programs := make([]*unix.SockFprog, len(f))
	for i, p := range f {
		programs[i] = system.Fprog(p)
	}
	fd := -1
	for i, p := range programs {
		if i == asker {
			fd, err = installListener(p, flags|seccomp.NewListener)
		} else {
			without := flags &^ seccomp.WaitKillable // which needs a listener
			tid, errno := system.Install(p, without)
			err = seccomp.InstallError(int(tid), errno, without)
		}
		if err != nil {
			return fd, fmt.Errorf("program %d of %d (%d in force): %w", i+1, len(f), i, err)
		}
	}
	return fd, nil
}

// installListener puts the program in force that asks.
func installListener(p *unix.SockFprog, flags seccomp.Flags) (int, error) {
	fd, errno := system.SetFilter(p, flags)
	switch errno {
	case 0:
		return int(fd), nil
	case unix.EBUSY:
		return -1, fmt.Errorf("an older filter on this thread has a listener: %w", errno)
	}
	return -1, seccomp.InstallError(0, errno, flags)
}
