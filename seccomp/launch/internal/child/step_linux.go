// SPDX-License-Identifier: Apache-2.0

package child

import (
	"syscall"

	"github.com/gosieve/sieve/seccomp"
	"golang.org/x/sys/unix"
)

// This file carries out a plan in the child. Nothing in it may allocate, take a lock, grow
// the stack or call the Go runtime: after clone there is one thread and no scheduler.

// Step is one thing that the child does between fork and exec. All of them are
// worked out before the fork: the child itself only goes through the list, as
// it can neither allocate nor take a lock, nor call most of Go.
type Step struct {
	Stage string // launch.Stage
	What  string // for launch.StartError
	Op    Op
	Nr    uintptr       // the system call
	Args  [6]uintptr    // addresses in it are to be kept alive
	Want  uintptr       // OpWant, OpCheck, OpNote: the only right result; OpTry: the errno; OpProbe: steps to pass over
	Keep  *int32        // OpKeep: where the result goes; OpNote: where the first argument lies, if not in args
	Fate  *uint32       // OpKill
	Flags seccomp.Flags // of a filter's installation, for launch.StartError
	Caps  *Capabilities
}

// Op says how a step is carried out and which of its results are errors. A step
// without one is an error.
type Op uint8

const (
	OpCall    Op = iota + 1 // an error ends the child
	OpTry                   // the errno Want does not
	OpWant                  // another result than Want does too
	OpCheck                 // likewise: it means that an earlier call was not carried out
	OpKeep                  // the result, a listener or an id, is kept for a later step; 0 can be neither
	OpElse                  // the next step is for kernels without the call, and is passed over by others
	OpProbe                 // must fail: success means that nobody does what is asked
	OpSignals               // no call: handlers and mask become what exec should find
	OpCaps                  // no call: adds capabilities to those that were read
	OpHold                  // no call: waits until the launcher says go

	// For a helper, which has to go on whatever fails:
	OpNote // an error, or another result than Want, is kept in the report
	OpKill // ends the child, if there is such a note and the launcher has no part in it
)

// runSteps goes through the steps and never returns.
//
//go:noinline
//go:norace
//go:nocheckptr
//go:nosplit
func runSteps(steps []Step, r *Report) {
	for i := 0; i < len(steps); i++ {
		s := &steps[i]
		r.Reached = uint32(i) + 1
		switch s.Op {
		case OpSignals:
			runtimeAfterForkInChild()
			continue
		case OpCaps:
			s.Caps.merge()
			continue
		case OpHold:
			if !hold(&r.Fate) {
				r.Errno = uint32(syscall.ETIMEDOUT)
				i = len(steps)
			}
			continue
		}
		pass, errno := s.do(r.Errno)
		if errno != 0 && r.Errno == 0 {
			r.Errno = uint32(errno)
		}
		if errno != 0 && s.Op != OpNote {
			break
		}
		i += pass
	}
	// The filter may deny these too. A fault needs no call.
	syscall.RawSyscall(unix.SYS_EXIT_GROUP, ExitStatus, 0, 0)
	syscall.RawSyscall(unix.SYS_EXIT, ExitStatus, 0, 0)
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
func (s *Step) do(noted uint32) (pass int, wrong syscall.Errno) {
	if s.Op == 0 {
		return 0, syscall.EINVAL
	}
	first := s.Args[0]
	if s.Keep != nil && s.Op != OpKeep {
		first = uintptr(*s.Keep)
	}
	if s.Op == OpKill && (noted == 0 || peek(s.Fate) != FateOpen) {
		return 0, 0
	}
	result, _, errno := syscall.RawSyscall6(s.Nr, first, s.Args[1], s.Args[2], s.Args[3], s.Args[4], s.Args[5])
	switch s.Op {
	case OpTry:
		if errno == syscall.Errno(s.Want) {
			return 0, 0
		}
	case OpElse:
		if errno == syscall.ENOSYS {
			return 0, 0
		}
		pass = 1
	case OpProbe:
		switch errno {
		case 0:
			return 0, ErrFaked
		case syscall.ENOSYS:
			return 0, 0
		}
		return int(s.Want), 0
	case OpWant, OpNote:
		if errno == 0 && result != s.Want {
			return 0, syscall.ESRCH
		}
	case OpCheck:
		if errno == 0 && result != s.Want {
			return 0, ErrFaked
		}
	case OpKeep:
		if errno == 0 && result == 0 {
			return 0, ErrFaked
		}
		if errno == 0 {
			*s.Keep = int32(result)
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
		if peek(fate) == FateGo {
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

// ExitStatus is the status of a child that reports an error, which nobody sees.
const ExitStatus = 127

// Capabilities is the header and the data of capget(2) and capset(2), version 3,
// and what is to be added to it.
type Capabilities struct {
	Head unix.CapUserHeader
	Data [2]unix.CapUserData
	Add  [2]uint32
}

// merge adds to the permitted and inheritable sets, from which ambient
// capabilities must come.
//
//go:norace
//go:nosplit
func (c *Capabilities) merge() {
	for i := range c.Data {
		c.Data[i].Permitted |= c.Add[i]
		c.Data[i].Inheritable |= c.Add[i]
	}
}
