// SPDX-License-Identifier: Apache-2.0

//go:build !386 && !arm

package launch

import "golang.org/x/sys/unix"

// The calls that take 32-bit ids.
const (
	sysSetgroups = unix.SYS_SETGROUPS
	sysSetgid    = unix.SYS_SETGID
	sysSetuid    = unix.SYS_SETUID
	sysGetgroups = unix.SYS_GETGROUPS
	sysGetegid   = unix.SYS_GETEGID
	sysGeteuid   = unix.SYS_GETEUID
)
