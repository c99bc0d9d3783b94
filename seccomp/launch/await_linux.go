// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

// This file has the launcher's waiting for a child that is on its way, and for the helper.

// waitUntil waits for something to be done, unless it is over. It looks at once when
// there is something on fd.
func (l *launch) waitUntil(fd int, over, done func() bool) bool {
	for pause := 20 * time.Microsecond; ; pause = min(pause*3/2, 5*time.Millisecond) {
		if done() {
			return true
		}
		if over() || l.problem != nil {
			return done() && l.problem == nil
		}
		_, err := poll(fd, pause)
		l.trouble(err)
	}
}

// trouble keeps the first error of the calls that tell how the child fares.
func (l *launch) trouble(err error) {
	if l.problem == nil {
		l.problem = err
	}
}

func (l *launch) readable(fd int) func() bool {
	return func() bool {
		there, err := poll(fd, 0)
		l.trouble(err)
		return there
	}
}

// awaitChild reads the byte that the child sends where it meets the launcher. It says no
// if the child has ended.
func (l *launch) awaitChild() (bool, error) {
	if l.asker >= 0 && !l.waitUntil(l.sync.ours, l.over, l.readable(l.sync.ours)) {
		return false, l.problem
	}
	return readByte(l.sync.ours)
}

// releaseChild has the child go on from there. If it has ended, its report says why.
func (l *launch) releaseChild() error {
	err := writeByte(l.sync.ours)
	if err == unix.EPIPE || err == unix.ECONNRESET {
		return nil
	}
	return err
}

// over says whether the child has failed, or it or its helper has ended. The two
// have the same descriptors: the end of one alone closes nothing.
func (l *launch) over() bool {
	return l.failed() || l.ended(int(atomic.LoadInt32(&l.report.Child))) || l.helperEnded()
}

func (l *launch) failed() bool { return atomic.LoadUint32(&l.report.Errno) != 0 }

func (l *launch) helperEnded() bool { return l.helperID > 0 && l.ended(l.helperID) }

func (l *launch) ended(pid int) bool {
	yes, err := ended(pid)
	l.trouble(err)
	return yes
}
