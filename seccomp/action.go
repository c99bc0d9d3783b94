// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strconv"
)

// Action is what the kernel does with a call: a SECCOMP_RET_* value in the high
// 16 bits and its data in the low 16 (include/uapi/linux/seccomp.h). The zero
// value is KillThread.
type Action uint32

// The actions, with the first kernel that has each. Errno, Trap and Trace make
// those that carry data.
const (
	KillProcess Action = 0x80000000 // SECCOMP_RET_KILL_PROCESS, 4.14
	KillThread  Action = 0x00000000 // SECCOMP_RET_KILL_THREAD, 3.5
	Notify      Action = 0x7fc00000 // SECCOMP_RET_USER_NOTIF, 5.0
	Log         Action = 0x7ffc0000 // SECCOMP_RET_LOG, 4.14
	Allow       Action = 0x7fff0000 // SECCOMP_RET_ALLOW, 3.5

	trap  Action = 0x00030000 // SECCOMP_RET_TRAP, 3.5
	errno Action = 0x00050000 // SECCOMP_RET_ERRNO, 3.5
	trace Action = 0x7ff00000 // SECCOMP_RET_TRACE, 3.5

	actionMask Action = 0xffff0000 // SECCOMP_RET_ACTION_FULL
)

// MaxErrno is the largest errno that an Errno action carries: the kernel takes
// anything larger as this (MAX_ERRNO, include/linux/err.h).
const MaxErrno = 4095

// Errno skips the call and returns -n to the caller. Numbers are Linux's of the
// ABI that the call comes through; above MaxErrno the policy is invalid. Errno(0)
// pretends success.
func Errno(n uint16) Action { return errno | Action(n) }

// Trap skips the call and sends SIGSYS with n in si_errno.
func Trap(n uint16) Action { return trap | Action(n) }

// Trace asks the tracer, which reads n with PTRACE_GETEVENTMSG. Without a tracer
// the call returns ENOSYS.
func Trace(n uint16) Action { return trace | Action(n) }

// Kind is the action without its data.
func (a Action) Kind() Action { return a & actionMask }

// Data is what the action carries: an errno, or a number for a handler or
// a tracer.
func (a Action) Data() uint16 { return uint16(a) }

// Rank orders actions as the kernel does when several filters answer: the lower
// is the more restrictive and wins (ACTION_ONLY in seccomp_run_filters,
// kernel/seccomp.c). From the lowest: KILL_PROCESS, KILL_THREAD, TRAP, ERRNO,
// USER_NOTIF, TRACE, LOG, ALLOW.
func (a Action) Rank() int32 { return int32(a.Kind()) }

// Runs says whether the kernel makes the call without asking anybody: ALLOW and LOG.
func (a Action) Runs() bool { return a.Kind() == Allow || a.Kind() == Log }

// Denies says whether the action keeps the call from running, whoever listens: it is
// neither run nor handed to a supervisor or a tracer, who might let it run.
func (a Action) Denies() bool { return a.Rank() <= Errno(0).Rank() }

// String is the kernel's name with the data in parentheses: "ALLOW",
// "ERRNO(38)". A value that is no action is written in hexadecimal.
func (a Action) String() string {
	kind, carries := a.name()
	if kind == "" {
		return fmt.Sprintf("%#08x", uint32(a))
	}
	if carries || a.Data() != 0 {
		return kind + "(" + strconv.Itoa(int(a.Data())) + ")"
	}
	return kind
}

// name is the kernel's name of the action's kind, and whether it carries data.
func (a Action) name() (kind string, carries bool) {
	switch a.Kind() {
	case KillProcess:
		return "KILL_PROCESS", false
	case KillThread:
		return "KILL_THREAD", false
	case trap:
		return "TRAP", true
	case errno:
		return "ERRNO", true
	case Notify:
		return "USER_NOTIF", false
	case trace:
		return "TRACE", true
	case Log:
		return "LOG", false
	case Allow:
		return "ALLOW", false
	}
	return "", false
}

// Validate refuses what the kernel would read as something else: a value that is no
// action, data that the action does not carry, an errno above MaxErrno. The error wraps
// ErrPolicy.
func (a Action) Validate() error {
	kind, carries := a.name()
	switch {
	case kind == "":
		return fmt.Errorf("%w: unknown action %v", ErrPolicy, a)
	case a.Kind() == errno && a.Data() > MaxErrno:
		return fmt.Errorf("%w: action %v: errno %d, want 0 to %d", ErrPolicy, a, a.Data(), MaxErrno)
	case !carries && a.Data() != 0:
		return fmt.Errorf("%w: action %v: %s carries no data", ErrPolicy, a, kind)
	}
	return nil
}
