// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
)

func (f Filter) listen(flags Flags) (*Listener, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	asker, err := f.asker()
	if err != nil {
		return nil, err
	}
	if err := f.checkOrder(flags); err != nil {
		return nil, err
	}
	if flags&TSync != 0 && flags&TSyncESRCH == 0 {
		return nil, fmt.Errorf("flags %v: a listener with TSYNC needs TSYNC_ESRCH", flags)
	}
	// What this thread may do once the filter is in force is the filter's to
	// decide. The listener is therefore made by another one.
	fds, made := make(chan int), make(chan built)
	sizes, err := notifySizes()
	if err != nil {
		return nil, err
	}
	go func() {
		var b built
		if fd, ok := <-fds; ok {
			b.listener, b.err = sizedListener(fd, sizes)
		}
		made <- b
	}()
	err = f.installAsking(asker, flags, fds)
	close(fds)
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

// installAsking puts the programs in force, and sends the listener of the one
// that asks.
func (f Filter) installAsking(asker int, flags Flags, listener chan<- int) error {
	for i, p := range f {
		var err error
		if i == asker {
			var fd int
			if fd, err = installListener(p, flags|withListener); err == nil {
				listener <- fd
			}
		} else {
			err = install(p, flags&^WaitKillable) // which needs a listener
		}
		if err != nil {
			return fmt.Errorf("program %d of %d (%d in force): %w", i+1, len(f), i, err)
		}
	}
	return nil
}

// installListener is install for the program that asks.
func installListener(p bpf.Program, flags Flags) (int, error) {
	fd, errno := setFilter(p, flags)
	switch errno {
	case 0:
		return int(fd), nil
	case unix.EBUSY:
		return -1, fmt.Errorf("an older filter on this thread has a listener: %w", errno)
	}
	return -1, installError(errno, flags)
}
