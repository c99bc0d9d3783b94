// SPDX-License-Identifier: Apache-2.0

package system

import (
	"fmt"
	"runtime"
	"unsafe"

	"github.com/gosieve/sieve/bpf"
	"golang.org/x/sys/unix"
)

// ErrNotDone is about a success that was none.
var ErrNotDone = fmt.Errorf("%w: success was the answer, and nothing was done: an older filter answers in the kernel's place", ErrNotSupported)

// SetFilter is seccomp(2). The result is 0, the id of a thread that could not
// follow, or a listener.
func SetFilter[F ~uint32](prog *unix.SockFprog, flags F) (uintptr, unix.Errno) {
	r, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		uintptr(flags), uintptr(unsafe.Pointer(prog)))
	runtime.KeepAlive(prog)
	return r, errno
}

// PrctlFilter is prctl(2) in the place of seccomp(2), which takes no flags.
func PrctlFilter(prog *unix.SockFprog) unix.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP,
		unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(prog)))
	runtime.KeepAlive(prog)
	return errno
}

// Fprog is a checked program as the kernel takes it. Its instructions have
// the layout of struct sock_filter (include/uapi/linux/filter.h).
func Fprog(p bpf.Program) *unix.SockFprog {
	return &unix.SockFprog{Len: uint16(len(p)), Filter: (*unix.SockFilter)(unsafe.Pointer(&p[0]))}
}

// HasFilters says whether the kernel takes filters at all: without a program it
// answers EFAULT if so. On a thread in strict mode the answer is EINVAL too, but
// that has no calls to ask with.
func HasFilters() bool {
	errno := Probe[uint32](0)
	if errno == unix.ENOSYS {
		_, _, errno = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0)
	}
	return errno != unix.EINVAL && errno != unix.ENOSYS
}

// Supported is those flags that the kernel knows.
func Supported[F ~uint32](flags F) F {
	known := F(0)
	for bit := F(1); bit != 0; bit <<= 1 {
		with := bit
		switch bit {
		case unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH:
			with |= unix.SECCOMP_FILTER_FLAG_TSYNC
		case unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV:
			with |= unix.SECCOMP_FILTER_FLAG_NEW_LISTENER
		}
		if flags&bit != 0 && Probe(with) == unix.EFAULT {
			known |= bit
		}
	}
	return known
}

// Probe asks for a filter without giving a program: nothing is installed. EFAULT is
// the answer of a kernel that would take one with these flags.
func Probe[F ~uint32](flags F) unix.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, uintptr(flags), 0)
	return errno
}

// Install puts one program in force. Kernels before 3.17 have prctl(2) only, which
// takes no flags. The result is 0, or the id of a thread that could not follow.
func Install[F ~uint32](p *unix.SockFprog, flags F) (uintptr, unix.Errno) {
	result, errno := SetFilter(p, flags)
	if errno == unix.ENOSYS && flags == 0 {
		return 0, PrctlFilter(p)
	}
	return result, errno
}

// CheckAnswer asks for a filter without a program, which must fail: an older filter
// may answer with success, and nothing is installed. No other question can be asked:
// any other call may be one that an older filter kills for, or afterwards the new one
// does, and PR_GET_SECCOMP says the same of both. A listener is not asked for: who
// supervises the thread would take it for one more.
func CheckAnswer[F ~uint32](flags F) error {
	errno := Probe(flags)
	if errno == unix.ENOSYS && flags == 0 {
		_, _, errno = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0)
	}
	if errno == 0 {
		return ErrNotDone
	}
	return nil // the call itself says what is wrong, if anything is
}
