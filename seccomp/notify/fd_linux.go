// SPDX-License-Identifier: Apache-2.0

package notify

import (
	"io"

	"github.com/gosieve/sieve/seccomp/internal/system"
	"golang.org/x/sys/unix"
)

// receive waits with poll(2), which tells when no process uses the filter any more. Before
// Linux 6.11 SECCOMP_IOCTL_NOTIF_RECV alone would wait for ever.
func (fd FD) receive() (*Notification, error) {
	if errno := idValid(uintptr(fd), 0); errno != 0 && errno != unix.ENOENT {
		return nil, errno // no listener: poll(2) could wait for ever
	}
	sizes, err := system.NotifySizes()
	if err != nil {
		return nil, err
	}
	buffer := room(sizes)
	for {
		switch events, err := ready(uintptr(fd), nil); {
		case err != nil:
			return nil, err
		case events&unix.POLLIN != 0:
			errno := ioctlReceive(uintptr(fd), buffer)
			if errno == unix.ENOENT || errno == unix.EINTR {
				continue // its caller is gone, or it was received elsewhere
			}
			if errno != 0 {
				return nil, errno
			}
			return notification(fd, buffer), nil
		case events&unix.POLLHUP != 0:
			return nil, io.EOF
		default:
			return nil, unix.EBADF // closed since
		}
	}
}
