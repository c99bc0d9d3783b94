// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"os"
	"syscall"
)

// keepOwner gives a file the owner and the group of another, or the group alone,
// where the user may: as root in somebody's folder.
func keepOwner(f *os.File, of string) {
	info, err := os.Stat(of)
	if err != nil {
		return
	}
	if s, ok := info.Sys().(*syscall.Stat_t); ok && f.Chown(int(s.Uid), int(s.Gid)) != nil {
		f.Chown(-1, int(s.Gid))
	}
}
