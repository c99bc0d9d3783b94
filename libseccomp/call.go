// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"errors"

	"github.com/gosieve/sieve/arch"
)

// ScmpSyscall is the number of a system call on the ABI of this program, whatever ABIs a
// filter has. A call that this ABI lacks has a negative number, and so has one that it
// makes through socketcall(2) or ipc(2).
type ScmpSyscall int32

// reserved says whether the number is none of a call: -1 is what tracers use to skip one.
func (s ScmpSyscall) reserved() bool { return s < 0 && s > firstSocket+1 }

// ErrSyscallDoesNotExist is the error for a name or number that no call has.
var ErrSyscallDoesNotExist = errors.New("could not resolve syscall name")

// GetName is GetNameByArch on the ABI of this program.
func (s ScmpSyscall) GetName() (string, error) { return s.GetNameByArch(ArchNative) }

// GetNameByArch is the name of the call on an ABI, or ErrSyscallDoesNotExist. Numbers
// newer than libseccomp 2.6 have names too.
func (s ScmpSyscall) GetNameByArch(arch ScmpArch) (string, error) {
	abi, err := arch.resolve()
	if err != nil {
		return "", err
	}
	if name, ok := nameOf(abi, s); ok {
		return name, nil
	}
	return "", ErrSyscallDoesNotExist
}

// GetSyscallFromName is GetSyscallFromNameByArch on the ABI of this program.
func GetSyscallFromName(name string) (ScmpSyscall, error) {
	return GetSyscallFromNameByArch(name, ArchNative)
}

// GetSyscallFromNameByArch is the number of the call on an ABI, or ErrSyscallDoesNotExist
// for a name that no ABI knows. Where only this one lacks the call the number is
// negative, below -10000; it is between -101 and -224 where the call goes through
// socketcall(2) or ipc(2), also if it has a number of its own beside that.
func GetSyscallFromNameByArch(name string, arch ScmpArch) (ScmpSyscall, error) {
	abi, err := arch.resolve()
	if err != nil {
		return 0, err
	}
	if nr, ok := numberOf(abi, name); ok {
		return nr, nil
	}
	return 0, ErrSyscallDoesNotExist
}

func numberOf(abi arch.Arch, name string) (ScmpSyscall, bool) {
	if nr, ok := multiplexed(abi, name); ok {
		return nr, true
	}
	if nr, ok := abi.Number(name); ok {
		return ScmpSyscall(nr), true
	}
	return pseudoNumber(name)
}

func nameOf(abi arch.Arch, s ScmpSyscall) (string, bool) {
	if s >= 0 {
		if name, ok := abi.Name(uint32(s)); ok {
			return name, true
		}
		return abi.Name(uint32(s) + abi.Base()) // x32 and MIPS: also without the base
	}
	name, ok := pseudoName(s)
	if !ok {
		return "", false
	}
	nr, _ := numberOf(abi, name)
	return name, nr == s
}
