// SPDX-License-Identifier: Apache-2.0

//go:build unix

package main

import (
	"io/fs"
	"os"
	"syscall"
)

// keepOwner gives a file the owner and the group of another or, where that is not
// allowed, the group alone. Giving a file away needs CAP_CHOWN (chown(2)); anybody else
// keeps the new file as its own, so errors are of no interest.
func keepOwner(f *os.File, of fs.FileInfo) {
	if s, ok := of.Sys().(*syscall.Stat_t); ok && f.Chown(int(s.Uid), int(s.Gid)) != nil {
		f.Chown(-1, int(s.Gid))
	}
}
