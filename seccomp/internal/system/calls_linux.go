// SPDX-License-Identifier: Apache-2.0

package system

import (
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/bpf"
)

// This file is where every filter meets the kernel. Install and Listen come
// here and make the calls at once (Attach); launch.Command turns the same list into
// steps of the child, which makes them between clone and execve.

// Want says which result of a call is the right one.
type Want uint8

const (
	// Failure is for a probe, which gives no program: the kernel must refuse it. A
	// success means that an older filter answers seccomp(2) in the kernel's place.
	Failure Want = iota
	// Zero is for a program without a listener. Another result is the id of a thread
	// that could not follow (SECCOMP_FILTER_FLAG_TSYNC).
	Zero
	// Listener is for the program that asks: the result is its listener. A filter can
	// answer with success in the kernel's place, but only with the result 0
	// (SECCOMP_RET_ERRNO without data), and a descriptor 0 that was open before is not it.
	Listener
)

// Call is one call on the way of a filter into force: seccomp(2), or prctl(2) as a
// fallback. Kernels before 3.17 have prctl(2) only, which takes no flags.
type Call struct {
	Program  int    // the index of the program, or -1 for a probe
	Flags    uint32 // of seccomp(2)
	Want     Want
	Fallback bool // make it only if the call before it answered ENOSYS

	program *unix.SockFprog // nil for a probe
}

// Calls lists the calls that install checked programs, in order. Probes come first, one
// for each set of flags. After the first program is installed, make only the remaining
// calls of the list: the new filter may deny any other. The programs must not change
// until the last call.
//
// No other probe works: an older filter may kill the thread for any other call, or the new
// filter may after it is installed, and PR_GET_SECCOMP returns the same for both.
func Calls(programs []bpf.Program, flags uint32, asker int) []Call {
	var probes, installs []Call
	for i, p := range programs {
		own := FlagsOf(flags, i, asker)
		probe := Call{Program: -1, Flags: probeFlags(own), Want: Failure}
		if !slices.Contains(probes, probe) {
			probes = appendCall(probes, probe)
		}
		install := Call{Program: i, Flags: own, Want: Zero, program: fprog(p)}
		if i == asker {
			install.Want = Listener
		}
		installs = appendCall(installs, install)
	}
	return append(probes, installs...)
}

// appendCall appends a call, and its fallback if it needs no flags.
func appendCall(list []Call, c Call) []Call {
	list = append(list, c)
	if c.Flags == 0 {
		c.Fallback = true
		list = append(list, c)
	}
	return list
}

// HasFallback says whether the next call of the list is the fallback of this one.
func HasFallback(calls []Call, i int) bool { return i+1 < len(calls) && calls[i+1].Fallback }

// Raw returns the number and the arguments of the call. The last argument is an address,
// which holds as long as c is reachable.
func (c *Call) Raw() (nr uintptr, args [3]uintptr) {
	address := uintptr(unsafe.Pointer(c.program))
	if c.Fallback {
		return unix.SYS_PRCTL, [3]uintptr{unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, address}
	}
	return unix.SYS_SECCOMP, [3]uintptr{unix.SECCOMP_SET_MODE_FILTER, uintptr(c.Flags), address}
}

// make makes the call on this thread, without the Go scheduler's knowledge: entersyscall
// could make calls of its own, which a filter may not allow.
func (c *Call) make() (uintptr, unix.Errno) {
	nr, args := c.Raw()
	result, _, errno := unix.RawSyscall(nr, args[0], args[1], args[2])
	runtime.KeepAlive(c)
	return result, errno
}

// Outcome says how far a list of calls came.
type Outcome struct {
	Failed   *Call      // the call with a wrong result; nil if there is none
	Result   uintptr    // the wrong result, if Errno is 0
	Errno    unix.Errno // the error
	Listener int        // the listener, or -1 if the asker is not in force
}

// Attach makes the calls on this thread, up to the first with a wrong result. From the
// first program on it makes no other call and takes no memory. The caller holds its thread
// (runtime.LockOSThread), or gives TSYNC.
func Attach(calls []Call) Outcome {
	o := Outcome{Listener: -1}
	zeroIsFree := slices.ContainsFunc(calls, asks) && isFree(0)
	for i := 0; i < len(calls); i++ {
		c := &calls[i]
		result, errno := c.make()
		if HasFallback(calls, i) {
			if errno == unix.ENOSYS {
				continue
			}
			i++ // pass the fallback over
		}
		switch {
		case c.Want == Failure && errno != 0:
			continue // the call that gives a program says what is wrong, if anything is
		case c.Want == Listener && errno == 0 && (result != 0 || zeroIsFree):
			o.Listener = int(result)
			continue
		case c.Want == Zero && errno == 0 && result == 0:
			continue
		}
		o.Failed, o.Result, o.Errno = c, result, errno
		return o
	}
	return o
}

func asks(c Call) bool { return c.Want == Listener }

// isFree says whether no file is open with that number.
func isFree(fd uintptr) bool {
	_, _, errno := unix.RawSyscall(unix.SYS_FCNTL, fd, unix.F_GETFD, 0)
	return errno == unix.EBADF
}

// fprog is a checked program as the kernel takes it. Its instructions have the layout
// of struct sock_filter (include/uapi/linux/filter.h).
func fprog(p bpf.Program) *unix.SockFprog {
	return &unix.SockFprog{Len: uint16(len(p)), Filter: (*unix.SockFilter)(unsafe.Pointer(&p[0]))}
}
