// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"golang.org/x/sys/unix"
)

func (f Filter) listen(flags Flags) (*Listener, error) {
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
	fd, err := f.listenFD(flags)
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
func (f Filter) listenFD(flags Flags) (int, error) {
	if err := f.check(); err != nil {
		return -1, err
	}
	asker, err := f.asker()
	if err != nil {
		return -1, err
	}
	if err := f.checkOrder(flags); err != nil {
		return -1, err
	}
	if flags&TSync != 0 && flags&TSyncESRCH == 0 {
		return -1, fmt.Errorf("flags %v: a listener with TSYNC needs TSYNC_ESRCH", flags)
	}
	if err := checkAnswer(flags); err != nil {
		return -1, err
	}
	programs := make([]*unix.SockFprog, len(f))
	for i, p := range f {
		programs[i] = sockFprog(p)
	}
	fd := -1
	for i, p := range programs {
		if i == asker {
			fd, err = installListener(p, flags|withListener)
		} else {
			err = install(p, flags&^WaitKillable) // which needs a listener
		}
		if err != nil {
			return fd, fmt.Errorf("program %d of %d (%d in force): %w", i+1, len(f), i, err)
		}
	}
	return fd, nil
}

// installListener is install for the program that asks.
func installListener(p *unix.SockFprog, flags Flags) (int, error) {
	fd, errno := setFilter(p, flags)
	switch errno {
	case 0:
		return int(fd), nil
	case unix.EBUSY:
		return -1, fmt.Errorf("an older filter on this thread has a listener: %w", errno)
	}
	return -1, installError(errno, flags)
}
