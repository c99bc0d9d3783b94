// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file installs the filter through seccomp/internal/system and takes the listener that
// seccomp(2) returns. listener_linux.go makes a Listener of it.

func listen(f seccomp.Filter, flags seccomp.Flags) (*Listener, error) {
	sizes, err := system.NotifySizes()
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
	if err := f.Check(flags | seccomp.NewListener); err != nil {
		return -1, err
	}
	if flags&seccomp.TSync != 0 && flags&seccomp.TSyncESRCH == 0 {
		return -1, fmt.Errorf("flags %v: a listener with TSYNC needs TSYNC_ESRCH", flags)
	}
	o := system.Attach(system.Calls(f, uint32(flags), asker))
	err = system.Wrong[seccomp.Flags](o, func(tid int) error { return &seccomp.ThreadError{TID: tid} })
	switch {
	case err == nil:
		return o.Listener, nil
	case o.Failed.Program < 0:
		return -1, err
	}
	i := o.Failed.Program
	return o.Listener, fmt.Errorf("program %d of %d (%d in force): %w", i+1, len(f), i, err)
}
