// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"syscall"
	"unsafe" // for linkname too

	"github.com/gosieve/sieve/seccomp"
	"golang.org/x/sys/unix"
)

// step is one thing that the child does between fork and exec. All of them are
// worked out before the fork: the child itself only goes through the list, as
// it can neither allocate nor take a lock, nor call most of Go.
type step struct {
	stage Stage
	what  string // for StartError
	op    op
	nr    uintptr       // the system call
	args  [6]uintptr    // addresses in it are kept alive by plan.keep
	want  uintptr       // opWant, opCheck, opNote: the only right result; opTry: the errno; opProbe: steps to pass over
	keep  *int32        // opKeep: where the result goes; opNote: where the first argument lies, if not in args
	fate  *uint32       // opKill
	flags seccomp.Flags // of a filter's installation, for StartError
	caps  *capability
}

type op uint8

const (
	opCall    op = iota // an error ends the child
	opTry               // the errno want does not
	opWant              // another result than want does too
	opCheck             // likewise: it means that an earlier call was not carried out
	opKeep              // the result is kept for a later step; 0 is none: the child's descriptor 0 is open, and no process has that id
	opElse              // the next step is for kernels without the call, and is passed over by others
	opProbe             // must fail: success means that nobody does what is asked
	opSignals           // no call: handlers and mask become what exec should find
	opCaps              // no call: adds capabilities to those that were read
	opHold              // no call: waits until the launcher says go

	// For a helper, which has to go on whatever fails:
	opNote // an error, or another result than want, is kept in the report
	opKill // ends the child, if there is such a note and the launcher has no part in it
)

// fate is what the launcher has decided about a child that waits for it.
const (
	fateOpen  = iota // nothing: if the launcher is gone, the helper ends the child
	fateGo           // the child goes on to its program
	fateTaken        // the launcher ends the child itself
)

// errFaked is the errno in a report of a call that was answered with success and
// not carried out. No call fails with it.
const errFaked = unix.Errno(4095)

// report is how far the child came. It lies in memory that launcher and child
// share, so that a child under a filter that denies or kills every call can
// still tell.
type report struct {
	reached uint32 // steps begun
	errno   uint32 // why the last of them failed

	// Where a helper makes the child:
	child    int32  // its id as the launcher sees it, or an errno, negated; 0 before
	fate     uint32 // fateOpen and so on
	listener rights // what the helper sends
}

// rights is a control message that passes one descriptor on (SCM_RIGHTS, unix(7)).
type rights struct {
	head unix.Cmsghdr
	fd   int32 // the child's number; -1 until it has a listener
	_    int32 // up to the message's full length
}

// newSharedReports are reports of a child and its helper, who share them and have
// copies of everything else. The page is to be unmapped.
func newSharedReports() (page []byte, child, helper *report, err error) {
	page, err = unix.Mmap(-1, 0, 2*int(unsafe.Sizeof(*child)), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED|unix.MAP_ANONYMOUS)
	if err != nil {
		return nil, nil, nil, err
	}
	child = (*report)(unsafe.Pointer(&page[0]))
	helper = (*report)(unsafe.Add(unsafe.Pointer(child), unsafe.Sizeof(*child)))
	child.listener.head = unix.Cmsghdr{Level: unix.SOL_SOCKET, Type: unix.SCM_RIGHTS}
	child.listener.head.SetLen(unix.CmsgLen(4))
	child.listener.fd = -1
	return page, child, helper, nil
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
//
// The helper does the first steps before there is a child.
func forkHelped(share, flags uintptr, steps []step, r *report, first, helper []step, own *report) (pid int, errno unix.Errno) {
	runtimeBeforeFork()
	result := forkBoth(share, flags, steps, r, first, helper, own)
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
func forkBoth(share, flags uintptr, steps []step, r *report, first, helper []step, own *report) uintptr {
	if result := clone(uintptr(unix.SIGCHLD) | share); result != 0 {
		return result
	}
	for i := 0; i < len(first); i++ {
		if _, errno := first[i].do(0); errno != 0 {
			r.child = -int32(errno)
			run(nil, own)
		}
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
		case opHold:
			if !hold(&r.fate) {
				r.errno = uint32(syscall.ETIMEDOUT)
				i = len(steps)
			}
			continue
		}
		pass, errno := s.do(r.errno)
		if errno != 0 && r.errno == 0 {
			r.errno = uint32(errno)
		}
		if errno != 0 && s.op != opNote {
			break
		}
		i += pass
	}
	// The filter may deny these too. A fault needs no call.
	syscall.RawSyscall(unix.SYS_EXIT_GROUP, exitStatus, 0, 0)
	syscall.RawSyscall(unix.SYS_EXIT, exitStatus, 0, 0)
	for {
		*(*uint32)(nil) = 0
	}
}

// do makes the step's call. It returns how many steps are then to be passed over,
// and what is wrong. Noted is what was wrong before.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func (s *step) do(noted uint32) (pass int, wrong syscall.Errno) {
	first := s.args[0]
	if s.keep != nil && s.op != opKeep {
		first = uintptr(*s.keep)
	}
	if s.op == opKill && (noted == 0 || peek(s.fate) != fateOpen) {
		return 0, 0
	}
	result, _, errno := syscall.RawSyscall6(s.nr, first, s.args[1], s.args[2], s.args[3], s.args[4], s.args[5])
	switch s.op {
	case opTry:
		if errno == syscall.Errno(s.want) {
			return 0, 0
		}
	case opElse:
		if errno == syscall.ENOSYS {
			return 0, 0
		}
		pass = 1
	case opProbe:
		switch errno {
		case 0:
			return 0, errFaked
		case syscall.ENOSYS:
			return 0, 0
		}
		return int(s.want), 0
	case opWant, opNote:
		if errno == 0 && result != s.want {
			return 0, syscall.ESRCH
		}
	case opCheck:
		if errno == 0 && result != s.want {
			return 0, errFaked
		}
	case opKeep:
		if errno == 0 && result == 0 {
			return 0, errFaked
		}
		if errno == 0 {
			*s.keep = int32(result)
		}
	}
	return pass, errno
}

// holdRounds bounds a child that waits to go on: half a minute or so, after which it
// ends. It cannot sleep, as its filter may deny it every call.
const holdRounds = 1 << 34

// hold waits for the launcher, or says that it takes too long.
//
//go:noinline
//go:norace
//go:nosplit
func hold(fate *uint32) bool {
	for n := uint64(0); n < holdRounds; n++ {
		if peek(fate) == fateGo {
			return true
		}
	}
	return false
}

// peek reads a word that another process writes. It is no part of its callers, which
// might read the word once only. Package sync/atomic would call the race detector.
//
//go:noinline
//go:norace
//go:nosplit
func peek(word *uint32) uint32 { return *word }

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
