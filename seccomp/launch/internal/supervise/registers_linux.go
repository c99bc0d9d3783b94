// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"encoding/binary"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file reads the call that a traced process has stopped in. The places of the
// arguments among the registers stand in registers_linux_amd64.go and _arm64.go.

// stoppedCall is the call that a tracee has stopped in. The kernel has put its
// registers back to what they were when the call was made, but for the
// register of the result where a thread alone is killed.
func stoppedCall(pid int) (seccomp.Call, bool) {
	var registers [512]byte
	data := unix.Iovec{Base: &registers[0]}
	data.SetLen(len(registers))
	const status = 1 // NT_PRSTATUS, linux/elf.h
	if errno := system.Ptrace(unix.PTRACE_GETREGSET, pid, status, uintptr(unsafe.Pointer(&data))); errno != 0 {
		return seccomp.Call{}, false
	}
	// struct ptrace_syscall_info (linux/ptrace.h), Linux 5.3. The registers do not tell
	// a call of i386 that a 64-bit process makes. Older kernels leave the zero.
	var info struct {
		op, _, _, _ uint8
		audit       uint32
		ip, sp      uint64
		_           [64]byte
	}
	system.Ptrace(unix.PTRACE_GET_SYSCALL_INFO, pid, unsafe.Sizeof(info), uintptr(unsafe.Pointer(&info)))
	return callIn(registers[:data.Len], info.audit)
}

// registersOf is registers of 4 or 8 bytes.
func registersOf(b []byte, size int) (list []uint64) {
	for ; len(b) >= size; b = b[size:] {
		if size == 4 {
			list = append(list, uint64(binary.NativeEndian.Uint32(b)))
		} else {
			list = append(list, binary.NativeEndian.Uint64(b))
		}
	}
	return list
}

// picked is a call by the places of its number, its instruction pointer and its
// arguments among the registers.
func picked(a arch.Arch, w []uint64, nr, ip int, args [6]int) seccomp.Call {
	c := seccomp.Call{Audit: a.Audit(), Nr: uint32(w[nr]), IP: w[ip]}
	for i, at := range args {
		c.Args[i] = w[at]
		if a.Bits() == 32 {
			c.Args[i] = uint64(uint32(w[at]))
		}
	}
	return c
}
