// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"
	"fmt"
	"syscall"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp/notify"
)

// ScmpFd is the descriptor of a listener.
type ScmpFd int32

// ScmpNotifData is a call that a supervisor is asked about.
type ScmpNotifData struct {
	Syscall      ScmpSyscall `json:"syscall,omitempty"`       // the number that the kernel saw
	Arch         ScmpArch    `json:"arch,omitempty"`          // by AUDIT_ARCH alone: ArchAMD64 also for x32
	InstrPointer uint64      `json:"instr_pointer,omitempty"` // where the call was made
	Args         []uint64    `json:"args,omitempty"`          // all six
}

// ScmpNotifReq is a call that waits for an answer.
type ScmpNotifReq struct {
	ID    uint64        `json:"id,omitempty"`    // what the answer names
	Pid   uint32        `json:"pid,omitempty"`   // the thread, 0 if it is not visible from here
	Flags uint32        `json:"flags,omitempty"` // none so far
	Data  ScmpNotifData `json:"data,omitempty"`
}

// ScmpNotifResp is an answer.
type ScmpNotifResp struct {
	ID    uint64 `json:"id,omitempty"`    // of the ScmpNotifReq
	Error int32  `json:"error,omitempty"` // an errno, such as syscall.EPERM, with which the call fails
	Val   uint64 `json:"val,omitempty"`   // what the call returns, if Error is 0
	Flags uint32 `json:"flags,omitempty"` // NotifRespFlagContinue, or none
}

// NotifRespFlagContinue lets the call run. Error and Val must be 0.
const NotifRespFlagContinue uint32 = 1

func notifSupported() error { return checkAPI("seccomp notification", 6, 2, 5, 0) }

// GetNotifFd is the descriptor of the listener that Load has made, or -1 if the filter was
// not loaded, or has no rule that asks a supervisor about a call of its ABIs. The caller closes
// it.
func (f *ScmpFilter) GetNotifFd() (ScmpFd, error) {
	if err := f.holdWhole(); err != nil {
		return -1, err
	}
	defer f.lock.Unlock()
	if err := notifSupported(); err != nil {
		return -1, err
	}
	return f.listener, nil
}

// NotifReceive waits for a call that the filter asks about. The error is syscall.ECANCELED
// once no process uses the filter any more, and for a descriptor that is closed or not a
// listener's. Stop receiving then: it would be the same error again.
func NotifReceive(fd ScmpFd) (*ScmpNotifReq, error) {
	if err := notifSupported(); err != nil {
		return nil, err
	}
	n, err := notify.FD(fd).Receive()
	if err != nil {
		return nil, notifError(err)
	}
	abi, _ := arch.Of(n.Call.Audit, 0)
	a := fromABI(abi)
	if a == ArchInvalid {
		return nil, fmt.Errorf("unrecognized architecture %#x", n.Call.Audit)
	}
	return &ScmpNotifReq{ID: n.ID, Pid: uint32(n.PID), Data: ScmpNotifData{
		Syscall: ScmpSyscall(n.Call.Nr), Arch: a, InstrPointer: n.Call.IP, Args: n.Call.Args[:],
	}}, nil
}

// NotifRespond answers a call. syscall.ENOENT means that the call is gone, syscall.ECANCELED
// that it was answered before, that Error is not an errno from 1 to 4095, or that the kernel
// refuses the answer.
func NotifRespond(fd ScmpFd, scmpResp *ScmpNotifResp) error {
	if err := notifSupported(); err != nil {
		return err
	}
	if scmpResp == nil {
		return syscall.EINVAL
	}
	n := notify.FD(fd).Notification(scmpResp.ID)
	switch r := scmpResp; {
	case r.Flags == NotifRespFlagContinue && r.Error == 0 && r.Val == 0:
		return notifError(n.Continue())
	case r.Flags != 0:
		return syscall.ECANCELED // as the kernel has it
	case r.Error != 0:
		return notifError(n.Errno(syscall.Errno(r.Error)))
	default:
		return notifError(n.Return(int64(r.Val)))
	}
}

// NotifIDValid is nil while a call waits for its answer: what was found out about its thread
// before is then about that thread. The error is syscall.ENOENT.
func NotifIDValid(fd ScmpFd, id uint64) error {
	if err := notifSupported(); err != nil {
		return err
	}
	if notify.FD(fd).Notification(id).Valid() != nil {
		return syscall.ENOENT
	}
	return nil
}

// notifError is an error of the kernel as libseccomp gives it.
func notifError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.ENOENT):
		return syscall.ENOENT
	}
	return syscall.ECANCELED
}
