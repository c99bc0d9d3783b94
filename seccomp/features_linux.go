// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
)

// release is what uname -r prints; "" if it cannot be asked.
func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

// runningKernel is the version of the running kernel, or 0 if it cannot be told.
func runningKernel() arch.Kernel {
	k, err := arch.ParseKernel(release())
	if err != nil {
		return 0
	}
	return k
}
