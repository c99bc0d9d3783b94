// SPDX-License-Identifier: Apache-2.0

package system

import (
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
)

// This file asks for the kernel's release.

// Uname is the release and the machine that uname(2) says; both are empty if it cannot
// be asked.
func Uname() (release, machine string) {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return "", ""
	}
	return unix.ByteSliceToString(u.Release[:]), unix.ByteSliceToString(u.Machine[:])
}

// Kernel is the version of the running kernel, or 0 if it cannot be told.
func Kernel() arch.Kernel {
	release, _ := Uname()
	k, err := arch.ParseKernel(release)
	if err != nil {
		return 0
	}
	return k
}
