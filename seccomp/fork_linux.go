// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"syscall"
	"unsafe" // for linkname too

	"golang.org/x/sys/unix"
)

// step is one thing that the child does between fork and exec. All of them are
// worked out before the fork: the child itself only goes through the list, as
// it can neither allocate nor take a lock, nor call most of Go.
type step struct {
	stage Stage
	what  string // for StartError
	op    op
	nr    uintptr    // the system call
	args  [6]uintptr // addresses in it are kept alive by plan.keep
	want  uintptr    // opWant: the only right result
	keep  *int32     // opKeep: where the result goes
	flags Flags      // of a filter's installation, for StartError
	caps  *capability
}

type op uint8

const (
	opCall    op = iota // an error ends the child
	opTry               // an error does not matter
	opWant              // neither does another result than want
	opKeep              // the result is kept for a later step
	opElse              // the next step is for kernels without the call, and is passed over by others
	opSignals           // no call: handlers and mask become what exec should find
	opCaps              // no call: adds capabilities to those that were read
)

// report is how far the child came. It lies in memory that launcher and child
// share, so that a child under a filter that denies or kills every call can
// still tell.
type report struct {
	reached uint32 // steps begun
	errno   uint32 // why the last of them failed

	// Where a helper makes the child:
	child    int32  // its id as the launcher sees it, or an errno, negated; 0 before
	listener rights // what the helper sends
}

// rights is a control message that passes one descriptor on (SCM_RIGHTS, unix(7)).
type rights struct {
	head unix.Cmsghdr
	fd   int32 // the child's number; -1 until it has a listener
	_    int32 // up to the message's full length
}

// newSharedReport is a report that a child shares which has a copy of everything
// else. The page is to be unmapped.
func newSharedReport() (page []byte, r *report, err error) {
	page, err = unix.Mmap(-1, 0, int(unsafe.Sizeof(*r)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, nil, err
	}
	r = (*report)(unsafe.Pointer(&page[0]))
	r.listener.head = unix.Cmsghdr{Level: unix.SOL_SOCKET, Type: unix.SCM_RIGHTS}
	r.listener.head.SetLen(unix.CmsgLen(4))
	r.listener.fd = -1
	return page, r, nil
}

// exitStatus is the status of a child that reports an error, which nobody sees.
const exitStatus = 127

// The hooks that package syscall uses around its own fork: signals are blocked
// and the stack cannot grow from BeforeFork to AfterFork; AfterForkInChild
// resets the handlers that the runtime has installed, and restores the mask.
// The runtime keeps them open by name (see their comments in runtime/proc.go).

//go:linkname runtimeBeforeFork syscall.runtime_BeforeFork
func runtimeBeforeFork()

//go:linkname runtimeAfterFork syscall.runtime_AfterFork
func runtimeAfterFork()

//go:linkname runtimeAfterForkInChild syscall.runtime_AfterForkInChild
func runtimeAfterForkInChild()

// clone is clone(2) with no new stack. It returns 0 in the child, and in the
// launcher the child's id or an errno, negated. With CLONE_VM the child goes on
// in the caller's stack frame, and the launcher only follows, with CLONE_VFORK,
// once the child is gone from it.
//
//go:noescape
func clone(flags uintptr) uintptr

// fork makes a child that goes through the steps. It returns the child's id: with
// CLONE_VFORK after the child has called exec or ended, else at once.
func fork(flags uintptr, steps []step, r *report) (pid int, errno unix.Errno) {
	runtimeBeforeFork()
	result := forkChild(flags, steps, r)
	runtimeAfterFork()
	if -result < 4096 {
		return 0, unix.Errno(-result)
	}
	return int(result), 0
}

// forkHelped makes a helper, which makes the child, a child of the launcher all
// the same. It returns the helper's id. Helper and child share one table of
// descriptors until the child calls exec, which leaves the helper with all that
// the child had: a listener too, which the child itself, under a filter that may
// deny every other call, could neither send nor keep.
//
// With CLONE_VM and CLONE_VFORK both are in the launcher's memory, on its stack, one
// below the other: the helper goes on once the child has called exec or ended,
// and the launcher once the helper has ended.
func forkHelped(share, flags uintptr, steps []step, r *report, helper []step) (pid int, errno unix.Errno) {
	own := new(report)
	runtimeBeforeFork()
	result := forkBoth(share, flags, steps, r, helper, own)
	runtimeAfterFork()
	if -result < 4096 {
		return 0, unix.Errno(-result)
	}
	return int(result), 0
}

// forkBoth returns in the launcher only, and does nothing else there.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func forkBoth(share, flags uintptr, steps []step, r *report, helper []step, own *report) uintptr {
	if result := clone(uintptr(unix.SIGCHLD) | share); result != 0 {
		return result
	}
	child := forkChild(flags|share|unix.CLONE_FILES|unix.CLONE_PARENT, steps, r)
	r.child = int32(child)
	if -child < 4096 {
		helper = nil
	}
	run(helper, own) // its signals stay blocked
	return 0
}

// forkChild has a frame of its own, which belongs to the child once it is
// there: the launcher must do nothing in it but return. In the child it never
// returns.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func forkChild(flags uintptr, steps []step, r *report) uintptr {
	if result := clone(flags); result != 0 {
		return result
	}
	run(steps, r)
	return 0
}

// run goes through the steps and never returns.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func run(steps []step, r *report) {
	for i := 0; i < len(steps); i++ {
		s := &steps[i]
		r.reached = uint32(i) + 1
		switch s.op {
		case opSignals:
			runtimeAfterForkInChild()
			continue
		case opCaps:
			s.caps.merge()
			continue
		}
		result, _, errno := syscall.RawSyscall6(s.nr, s.args[0], s.args[1], s.args[2], s.args[3], s.args[4], s.args[5])
		switch {
		case s.op == opTry, s.op == opElse && errno == syscall.ENOSYS:
			continue
		case s.op == opElse && errno == 0:
			i++
		case errno == 0 && s.op == opWant && result != s.want:
			errno = syscall.ESRCH
		case errno == 0 && s.op == opKeep:
			*s.keep = int32(result)
		}
		if errno != 0 {
			r.errno = uint32(errno)
			break
		}
	}
	// The filter may deny these too. A fault needs no call.
	syscall.RawSyscall(unix.SYS_EXIT_GROUP, exitStatus, 0, 0)
	syscall.RawSyscall(unix.SYS_EXIT, exitStatus, 0, 0)
	for {
		*(*uint32)(nil) = 0
	}
}

// capability is the header and the data of capget(2) and capset(2), version 3,
// and what is to be added to it.
type capability struct {
	head unix.CapUserHeader
	data [2]unix.CapUserData
	add  [2]uint32
}

// merge adds to the permitted and inheritable sets, from which ambient
// capabilities must come.
//
//go:norace
//go:nosplit
func (c *capability) merge() {
	for i := range c.data {
		c.data[i].Permitted |= c.add[i]
		c.data[i].Inheritable |= c.add[i]
	}
}
