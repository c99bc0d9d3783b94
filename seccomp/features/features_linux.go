// SPDX-License-Identifier: Apache-2.0

package features

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/internal/system"
)

// This file asks the kernel, for every field of Features.

// Probe says what the running kernel has. It installs nothing and changes nothing,
// and needs no privileges. It makes the calls seccomp(2) and prctl(2): under a filter that kills for those, it dies.
// The error wraps ErrNotSupported on a system without filters of this kind.
func Probe() (*Features, error) {
	runtime.LockOSThread() // the answers are about one thread
	defer runtime.UnlockOSThread()
	release, machine := system.Uname()
	f := &Features{Release: release, Kernel: system.Kernel(), Filters: system.HasFilters()}
	f.Syscall = system.Probe(seccomp.Flags(0)) != unix.ENOSYS
	_, _, errno := unix.RawSyscall6(unix.SYS_PRCTL, unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0)
	f.NoNewPrivs = errno == 0
	mode, _, errno := unix.RawSyscall(unix.SYS_PRCTL, unix.PR_GET_SECCOMP, 0, 0)
	f.Filtered = errno == 0 && mode != 0
	if f.Filters {
		f.Actions = Actions()
		f.Flags = Flags()
		f.Notify = notifyFeatures(f)
		f.Bitmap = hasBitmap(arch.Native(), f.Kernel)
	}
	f.ABIs = abiFeatures(f, machine)
	f.JIT = hasJIT()
	return f, nil
}

// allFlags are the flags that there are.
const allFlags = seccomp.TSync | seccomp.LogAll | seccomp.SpecAllow | seccomp.NewListener | seccomp.TSyncESRCH | seccomp.WaitKillable

// Flags are those that the running kernel takes for the calling thread, as Probe has
// them: what a launcher asks before it relies on one. It makes a handful of seccomp(2)
// calls and nothing else, and is 0 on a system without seccomp(2).
func Flags() seccomp.Flags { return system.Supported(allFlags) }

// Actions are those that the running kernel knows, as Probe has them. It makes a handful
// of seccomp(2) calls and nothing else. There are none on a system without filters.
func Actions() (known []seccomp.Action) {
	if !system.HasFilters() {
		return nil
	}
	// Before 4.14 there was no such question, and EINVAL is the answer; without
	// seccomp(2) it is ENOSYS.
	for _, a := range actionsByRank {
		value := uint32(a)
		_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL, 0, uintptr(unsafe.Pointer(&value)))
		switch errno {
		case 0:
			known = append(known, a)
		case unix.EOPNOTSUPP:
		default:
			return slices.Clone(firstActions)
		}
	}
	return known
}

// notifyFeatures is what listeners can do. Most cannot be asked without a listener, and go by
// the version: the number is the first kernel that has it.
func notifyFeatures(f *Features) Notify {
	sizes, err := system.NotifySizes()
	if err != nil {
		return Notify{Continue: No, PidfdGetfd: pidfdGetfd(f), AddFD: No, AddFDSend: No, WaitKillable: No, SyncWakeUp: No}
	}
	n := Notify{
		Notif: sizes.Notif, Response: sizes.Response, Data: sizes.Data,
		Continue:     since(f.Kernel, 5<<8|5),
		PidfdGetfd:   pidfdGetfd(f),
		AddFD:        since(f.Kernel, 5<<8|9),
		AddFDSend:    since(f.Kernel, 5<<8|14),
		WaitKillable: No,
		SyncWakeUp:   since(f.Kernel, 6<<8|6),
	}
	if f.Flags&seccomp.WaitKillable != 0 {
		n.WaitKillable = Yes
	}
	return n
}

// pidfdGetfd asks for a file of a process that there is not, unless a filter might
// kill for that.
func pidfdGetfd(f *Features) Answer {
	if f.Filtered {
		return since(f.Kernel, 5<<8|6)
	}
	_, _, errno := unix.RawSyscall(unix.SYS_PIDFD_GETFD, ^uintptr(0), 0, 0)
	switch errno {
	case unix.EBADF:
		return Yes
	case unix.ENOSYS:
		return No
	}
	return Unknown
}

// abiFeatures says through which ABIs a program can make calls. The native one works, since
// this program runs. Of others only i386 and x32 on amd64 can be tried (acceptsForeign).
func abiFeatures(f *Features, machine string) map[arch.Arch]Answer {
	abis := map[arch.Arch]Answer{arch.Native(): Yes}
	for _, a := range arch.Native().Beside() {
		accepted := Unknown
		if own, err := arch.Parse(machine); err == nil && own == a {
			accepted = Yes // the kernel's own, and the program is the foreigner
		} else if !f.Filtered { // what a filter may do with a foreign call is too much
			accepted = acceptsForeign(a)
		}
		abis[a] = accepted
	}
	return abis
}

// hasJIT reads the sysctl. Where there is no such file the answer is unknown; 2 is on, with
// debugging output (Documentation/admin-guide/sysctl/net.rst).
func hasJIT() Answer {
	b, err := os.ReadFile("/proc/sys/net/core/bpf_jit_enable")
	if err != nil {
		return Unknown
	}
	return map[string]Answer{"0": No, "1": Yes, "2": Yes}[strings.TrimSpace(string(b))]
}
