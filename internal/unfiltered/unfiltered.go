// SPDX-License-Identifier: Apache-2.0

// Package unfiltered knows the calls about which the kernel asks no filter.
package unfiltered

import "github.com/gosieve/sieve/arch"

// Since is the first kernel that carries out a call without asking a filter,
// whatever the filter would answer: no error, signal, log or supervisor comes of
// it. It is false for a call about which filters are asked, which is nearly all.
//
// The two calls that there are enter the kernel from where it has put a probe into
// the program itself; made from elsewhere they end in SIGILL or ENXIO. The exception
// is for x86_64's own numbers, and not for those of x32 or x86. That of uretprobe was
// taken over by releases before 6.14 too, 6.13.3 among them.
func Since(a arch.Arch, nr uint32) (first arch.Kernel, ok bool) {
	if a != arch.X86_64 {
		return 0, false
	}
	switch nr {
	case 335: // uretprobe: commit cf6cb56ef244, "seccomp: passthrough uretprobe systemcall without filtering"
		return 6<<8 | 14, true
	case 336: // uprobe: commit 89d1d8434d24, in the release that added the call
		return 6<<8 | 18, true
	}
	return 0, false
}
