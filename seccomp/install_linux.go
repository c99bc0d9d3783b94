// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
)

// NoNewPrivs sets no_new_privs on the calling thread, for good: neither it nor
// what it executes gains privileges from set-user-ID bits or file capabilities
// any more. It lets a thread without CAP_SYS_ADMIN install filters. The
// caller must hold its thread (runtime.LockOSThread) and keep holding it. See
// PR_SET_NO_NEW_PRIVS(2const).
func NoNewPrivs() error {
	err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
	if err == unix.EINVAL { // before 3.5, which brought filters
		return fmt.Errorf("seccomp: set no_new_privs: %w: %w", ErrNotSupported, err)
	}
	if err != nil {
		return fmt.Errorf("seccomp: set no_new_privs: %w", err)
	}
	is, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err == nil && is != 1 {
		err = errNotDone
	}
	if err != nil {
		return fmt.Errorf("seccomp: set no_new_privs: %w", err)
	}
	return nil
}

// Install filters the calling thread, and with TSync every other, for good: a
// filter cannot be removed. The caller must hold its thread
// (runtime.LockOSThread) since it called NoNewPrivs, and keep holding it:
// without TSync, goroutines that come to run on other threads are not filtered,
// and threads that this one starts are.
//
// Programs of a stack are installed one after the other. All are checked before
// the first is in force, and so is that none denies seccomp(2) to the next. If
// the kernel still refuses one, the error says how many are in force.
//
// Errors wrap ErrFilter for a filter that cannot be installed anywhere,
// ErrNotSupported for a kernel without filters or without one of the flags, or
// where an older filter answers seccomp(2) with success and nothing is installed,
// syscall.EACCES if the thread has neither no_new_privs nor CAP_SYS_ADMIN,
// bpf.ErrTooLong and syscall.ENOMEM if older filters leave no room, and a
// *ThreadError, with no thread filtered, if some thread cannot follow.
// See seccomp(2).
func (f Filter) Install(flags Flags) error {
	if err := f.checkInstall(flags); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	if err := checkAnswer(flags); err != nil {
		return fmt.Errorf("seccomp: install: %w", err)
	}
	for i, p := range f {
		if err := install(sockFprog(p), flags); err != nil {
			return fmt.Errorf("seccomp: install: program %d of %d (%d in force): %w", i+1, len(f), i, err)
		}
	}
	return nil
}

// checkInstall refuses what the kernel would, and a stack that it would take a part
// of.
func (f Filter) checkInstall(flags Flags) error {
	if err := f.check(); err != nil {
		return err
	}
	if flags&withListener != 0 {
		return fmt.Errorf("flags %v: no listener is returned", flags)
	}
	return f.checkOrder(flags)
}

// checkOrder refuses a stack of which a program would keep the next from being
// installed, so that a part of it never is in force. It cannot know addresses: a
// filter that goes by those may still do so.
func (f Filter) checkOrder(flags Flags) error {
	c := Call{Audit: arch.Native().Audit(), Nr: unix.SYS_SECCOMP, Args: [6]uint64{unix.SECCOMP_SET_MODE_FILTER, uint64(flags)}}
	for i := 1; i < len(f); i++ {
		if a := f[:i].Run(&c); a.Rank() <= Notify.Rank() {
			return fmt.Errorf("%w: program %d of %d: those before it answer its seccomp(2) with %v, want ALLOW", ErrFilter, i+1, len(f), a)
		}
	}
	return nil
}

// errNotDone is about a success that was none.
var errNotDone = fmt.Errorf("%w: success was the answer, and nothing was done: an older filter answers in the kernel's place", ErrNotSupported)

// checkAnswer asks for a filter without a program, which must fail: an older filter
// may answer with success, and nothing is installed. No other question can be asked:
// any other call may be one that an older filter kills for, or afterwards this one
// does, and PR_GET_SECCOMP says the same of both. A listener is not asked for: who
// supervises the thread would take it for one more.
func checkAnswer(flags Flags) error {
	errno := probe(flags)
	if errno == unix.ENOSYS && flags == 0 {
		_, _, errno = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0)
	}
	if errno == 0 {
		return errNotDone
	}
	return nil // the call itself says what is wrong, if anything is
}

// install puts one program in force. Older kernels than 3.17 have prctl(2) only,
// which takes no flags.
func install(p *unix.SockFprog, flags Flags) error {
	result, errno := setFilter(p, flags)
	if errno == unix.ENOSYS && flags == 0 {
		result, errno = 0, prctlFilter(p)
	}
	if errno != 0 {
		return installError(errno, flags)
	}
	if result != 0 {
		return &ThreadError{TID: int(result)}
	}
	return nil
}

// setFilter is seccomp(2). The result is 0, the id of a thread that could not
// follow, or a listener.
func setFilter(prog *unix.SockFprog, flags Flags) (uintptr, unix.Errno) {
	r, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		uintptr(flags), uintptr(unsafe.Pointer(prog)))
	runtime.KeepAlive(prog)
	return r, errno
}

func prctlFilter(prog *unix.SockFprog) unix.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP,
		unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(prog)))
	runtime.KeepAlive(prog)
	return errno
}

// sockFprog is a checked program as the kernel takes it. Its instructions have
// the layout of struct sock_filter (include/uapi/linux/filter.h).
func sockFprog(p bpf.Program) *unix.SockFprog {
	return &unix.SockFprog{Len: uint16(len(p)), Filter: (*unix.SockFilter)(unsafe.Pointer(&p[0]))}
}

// installError says what an errno means here. The program has been checked, so
// that EINVAL is about the kernel or the flags.
func installError(errno unix.Errno, flags Flags) error {
	switch errno {
	case unix.EACCES:
		return fmt.Errorf("%w: want no_new_privs on this thread, or CAP_SYS_ADMIN", errno)
	case unix.ENOSYS:
		return fmt.Errorf("%w: no seccomp(2), or an older filter denies it: %w", ErrNotSupported, errno)
	case unix.ENOMEM:
		return fmt.Errorf("%w: older filters on this thread leave no room (or memory is short): %w", bpf.ErrTooLong, errno)
	case unix.ESRCH:
		if flags&TSyncESRCH != 0 {
			return &ThreadError{}
		}
	case unix.EPERM:
		return fmt.Errorf("an older filter denies seccomp(2): %w", errno)
	case unix.EINVAL:
		if !hasFilters() {
			return fmt.Errorf("%w: no CONFIG_SECCOMP_FILTER: %w", ErrNotSupported, errno)
		}
		if missing := flags &^ supported(flags); missing != 0 {
			return fmt.Errorf("%w: flags %v: %w", ErrNotSupported, missing, errno)
		}
		if flags != 0 {
			return fmt.Errorf("flags %v: the kernel refuses this combination: %w", flags, errno)
		}
		return fmt.Errorf("the kernel refuses the program: %w", errno)
	}
	return errno
}

// hasFilters says whether the kernel takes filters at all: without a program it
// answers EFAULT if so. On a thread in strict mode the answer is EINVAL too, but
// that has no calls to ask with.
func hasFilters() bool {
	errno := probe(0)
	if errno == unix.ENOSYS {
		_, _, errno = unix.RawSyscall(unix.SYS_PRCTL, unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, 0)
	}
	return errno != unix.EINVAL && errno != unix.ENOSYS
}

// supported is those flags that the kernel knows.
func supported(flags Flags) Flags {
	known := Flags(0)
	for bit := Flags(1); bit != 0; bit <<= 1 {
		with := bit
		switch bit {
		case TSyncESRCH:
			with |= TSync
		case WaitKillable:
			with |= withListener
		}
		if flags&bit != 0 && probe(with) == unix.EFAULT {
			known |= bit
		}
	}
	return known
}

// probe asks for a filter without giving a program: nothing is installed. EFAULT is
// the answer of a kernel that would take one with these flags.
func probe(flags Flags) unix.Errno {
	_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, uintptr(flags), 0)
	return errno
}
