// SPDX-License-Identifier: Apache-2.0

package features

import (
	"os"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
)

// int80 makes a call of i386 that has no arguments. Where the kernel does not
// accept any, it is a fault.
//
//go:noescape
func int80(nr uint32) uint32

// acceptsForeign makes a call of the ABI that changes nothing: getpid.
func acceptsForeign(a arch.Arch) Answer {
	switch a {
	case arch.X86:
		// Other kernels with this ABI, as sandboxes have them, may do anything to
		// int $0x80. Linux has this file where it was built with the ABI.
		if _, err := os.Stat("/proc/sys/abi/vsyscall32"); err != nil {
			return Unknown
		}
		return acceptsInt80()
	case arch.X32:
		pid, _, errno := unix.RawSyscall(uintptr(arch.X32.Base())|unix.SYS_GETPID, 0, 0, 0)
		switch {
		case errno == unix.ENOSYS:
			return No
		case errno == 0 && int(pid) == os.Getpid():
			return Yes
		}
	}
	return Unknown
}

// acceptsInt80 makes getpid of i386. On a kernel that does not take it the fault becomes a
// panic, which is caught: it would end the program otherwise.
func acceptsInt80() (answer Answer) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			answer = No
		}
	}()
	if int80(20) == uint32(os.Getpid()) { // __NR_getpid, asm/unistd_32.h
		return Yes
	}
	return No
}
