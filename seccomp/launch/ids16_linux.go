// SPDX-License-Identifier: Apache-2.0

//go:build 386 || arm

package launch

import "golang.org/x/sys/unix"

// The calls that take 32-bit ids: here the plain names take 16 bits.
const (
	sysSetgroups = unix.SYS_SETGROUPS32
	sysSetgid    = unix.SYS_SETGID32
	sysSetuid    = unix.SYS_SETUID32
	sysGetgroups = unix.SYS_GETGROUPS32
	sysGetegid   = unix.SYS_GETEGID32
	sysGeteuid   = unix.SYS_GETEUID32
)
