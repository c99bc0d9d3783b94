// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"fmt"
	"os"
	"strconv"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// pidFD is one of the process that a thread belongs to.
func pidFD(tid int) (*os.File, error) {
	fd, err := unix.PidfdOpen(tid, 0)
	// What the kernel says of a thread that is not the first has changed.
	if err == unix.EINVAL || err == unix.ENOENT || err == unix.ESRCH {
		leader, e := system.ProcessOf(tid)
		if e != nil {
			return nil, e
		}
		fd, err = unix.PidfdOpen(leader, 0)
	}
	switch err {
	case nil:
		return os.NewFile(uintptr(fd), "pidfd "+strconv.Itoa(tid)), nil
	case unix.ESRCH:
		return nil, ErrGone
	case unix.ENOSYS:
		return nil, fmt.Errorf("%w: pidfd_open: %w", seccomp.ErrNotSupported, err)
	}
	return nil, fmt.Errorf("pidfd_open: %w", err)
}
