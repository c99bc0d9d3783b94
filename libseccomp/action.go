// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/gosieve/sieve/seccomp"
)

// ScmpAction is what happens to a call. ActErrno and ActTrace carry a code in the upper
// 16 bits of the lower 32.
type ScmpAction uint

// The actions.
const (
	ActInvalid     ScmpAction = iota // the zero value, which is none
	ActKillThread                    // the thread ends, the others go on
	ActTrap                          // SIGSYS
	ActNotify                        // a supervisor is asked: API level 5, and 6 in a filter for all threads
	ActErrno                         // the call fails with the code
	ActTrace                         // the tracer is asked, and told the code
	ActAllow                         // the call runs
	ActLog                           // the call runs and is logged: API level 3
	ActKillProcess                   // all threads end: API level 3

	// ActKill is ActKillThread.
	//
	// Deprecated: it says less than that.
	ActKill = ActKillThread
)

// kind is the action without its code, code what it carries.
func (a ScmpAction) kind() ScmpAction { return a & 0xffff }
func (a ScmpAction) code() uint16     { return uint16(a >> 16) }

// SetReturnCode is the action with another code. Actions that carry none stay as they
// are.
func (a ScmpAction) SetReturnCode(code int16) ScmpAction {
	if k := a.kind(); k == ActErrno || k == ActTrace {
		return k | ScmpAction(uint16(code))<<16
	}
	return a
}

// GetReturnCode is the code that the action carries.
func (a ScmpAction) GetReturnCode() int16 { return int16(a.code()) }

// String describes the action.
func (a ScmpAction) String() string {
	switch a.kind() {
	case ActKillThread:
		return "Action: Kill thread"
	case ActKillProcess:
		return "Action: Kill process"
	case ActTrap:
		return "Action: Send SIGSYS"
	case ActErrno:
		return fmt.Sprintf("Action: Return error code %d", a>>16)
	case ActTrace:
		return fmt.Sprintf("Action: Notify tracing processes with code %d", a>>16)
	case ActNotify:
		return "Action: Notify userspace"
	case ActLog:
		return "Action: Log system call"
	case ActAllow:
		return "Action: Allow system call"
	}
	return fmt.Sprintf("Unrecognized Action %#x", uint(a))
}

// check is about the value alone: known says whether it is an action, and check also
// whether it carries a code that it cannot.
func (a ScmpAction) known() error {
	if k := a.kind(); k < ActKillThread || k > ActKillProcess {
		return fmt.Errorf("unrecognized action %#x", uint(k))
	}
	return nil
}

func (a ScmpAction) check() error {
	if err := a.known(); err != nil {
		return err
	}
	if k := a.kind(); k != ActTrace && k != ActErrno && a&0xffff0000 != 0 {
		return errors.New("highest 16 bits must be zeroed except for Trace and Errno")
	}
	return nil
}

// largestErrno is the largest code of ActErrno. The kernel has 4095 too; libseccomp refuses it.
const largestErrno = seccomp.MaxErrno - 1

// action is Sieve's for a kind that is known. It is syscall.EINVAL if the code is too
// large or the kernel lacks the action.
func (a ScmpAction) action() (seccomp.Action, error) {
	has := true
	var action seccomp.Action
	switch a.kind() {
	case ActKillThread:
		action = seccomp.KillThread
	case ActKillProcess:
		action, has = seccomp.KillProcess, machine().killProcess
	case ActTrap:
		action = seccomp.Trap(0)
	case ActErrno:
		action, has = seccomp.Errno(a.code()), a.code() <= largestErrno
	case ActTrace:
		action = seccomp.Trace(a.code())
	case ActNotify:
		action, has = seccomp.Notify, machine().notify
	case ActLog:
		action, has = seccomp.Log, machine().log
	case ActAllow:
		action = seccomp.Allow
	}
	if !has {
		return 0, syscall.EINVAL
	}
	return action, nil
}

// fromAction is the reverse of action. It returns ActInvalid for an action that the API lacks.
func fromAction(a seccomp.Action) ScmpAction {
	switch a.Kind() {
	case seccomp.KillProcess:
		return ActKillProcess
	case seccomp.Trap(0):
		return ActTrap
	case seccomp.Errno(0):
		return ActErrno.SetReturnCode(int16(a.Data()))
	case seccomp.Trace(0):
		return ActTrace.SetReturnCode(int16(a.Data()))
	case seccomp.Notify:
		return ActNotify
	case seccomp.Log:
		return ActLog
	case seccomp.Allow:
		return ActAllow
	case seccomp.KillThread:
		return ActKillThread
	}
	return ActInvalid
}
