// SPDX-License-Identifier: Apache-2.0

package launch

import (
	"syscall"
	// for linkname too
	"github.com/gosieve/sieve/seccomp"
	"golang.org/x/sys/unix"
)

// This file carries out a plan in the child. Nothing in it may allocate, take a lock, grow
// the stack or call the Go runtime: after clone there is one thread and no scheduler.

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

// op says how a step is carried out and which of its results are errors.
type op uint8

const (
	opCall    op = iota // an error ends the child
	opTry               // the errno want does not
	opWant              // another result than want does too
	opCheck             // likewise: it means that an earlier call was not carried out
	opKeep              // the result, a listener or an id, is kept for a later step; 0 can be neither
	opElse              // the next step is for kernels without the call, and is passed over by others
	opProbe             // must fail: success means that nobody does what is asked
	opSignals           // no call: handlers and mask become what exec should find
	opCaps              // no call: adds capabilities to those that were read
	opHold              // no call: waits until the launcher says go

	// For a helper, which has to go on whatever fails:
	opNote // an error, or another result than want, is kept in the report
	opKill // ends the child, if there is such a note and the launcher has no part in it
)

// runSteps goes through the steps and never returns.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func runSteps(steps []step, r *report) {
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

// exitStatus is the status of a child that reports an error, which nobody sees.
const exitStatus = 127

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
