// SPDX-License-Identifier: Apache-2.0

package features

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Features is what the running kernel has, for the thread that asked: an older
// filter on it may hide something. Where a comment says by version, the kernel
// cannot be asked and the answer goes by its release: a distributor's kernel may
// have it earlier.
type Features struct {
	Release string      // as uname -r prints it
	Kernel  arch.Kernel // the version in it; 0 if there is none

	// Filters says whether the kernel takes filters (CONFIG_SECCOMP_FILTER).
	Filters bool
	// Syscall says whether it has seccomp(2), 3.17. Without it filters are installed
	// through prctl(2), without flags.
	Syscall bool
	// NoNewPrivs says whether threads without CAP_SYS_ADMIN can install filters.
	NoNewPrivs bool
	// Filtered says whether the thread runs under a filter already.
	Filtered bool

	// Actions are those that it knows (SECCOMP_GET_ACTION_AVAIL, 4.14), the most
	// restrictive first and without data. An older kernel with filters has the
	// first five, without KILL_PROCESS: KILL_THREAD, TRAP, ERRNO, TRACE and ALLOW.
	Actions []seccomp.Action
	// Flags are those that it knows, with the one for listeners.
	Flags  seccomp.Flags
	Notify Notify

	// ABIs say whether the kernel accepts calls of an ABI: of the native one, and of those
	// that it may accept beside it (arch.Arch.Beside). Of most of these it cannot be told
	// without a program of theirs. Other ABIs are not there, and so are Unknown.
	ABIs map[arch.Arch]Answer
	// Bitmap says whether calls that a filter always allows skip it
	// (seccomp_cache_check_allow, 5.11): by version and architecture.
	Bitmap Answer
	// JIT says whether programs are compiled to machine code
	// (net.core.bpf_jit_enable). Only the initial network namespace can tell.
	JIT Answer
}

// Notify is what a supervisor (SECCOMP_RET_USER_NOTIF) can use.
type Notify struct {
	// The sizes of struct seccomp_notif, seccomp_notif_resp and seccomp_data in
	// bytes (SECCOMP_GET_NOTIF_SIZES, 5.0); 0 where the kernel does not tell.
	Notif, Response, Data uint16

	Continue     Answer // SECCOMP_USER_NOTIF_FLAG_CONTINUE, 5.5: by version
	PidfdGetfd   Answer // pidfd_getfd(2), 5.6: asked, but by version where Filtered
	AddFD        Answer // SECCOMP_IOCTL_NOTIF_ADDFD, 5.9: by version
	AddFDSend    Answer // SECCOMP_ADDFD_FLAG_SEND, 5.14: by version
	WaitKillable Answer // the flag WaitKillable, 5.19: asked
	SyncWakeUp   Answer // SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP, 6.6: by version
}

// actionsByRank are all actions, the most restrictive first.
var actionsByRank = []seccomp.Action{seccomp.KillProcess, seccomp.KillThread, seccomp.Trap(0), seccomp.Errno(0), seccomp.Notify, seccomp.Trace(0), seccomp.Log, seccomp.Allow}

// firstActions are those of every kernel that has filters (3.5).
var firstActions = []seccomp.Action{seccomp.KillThread, seccomp.Trap(0), seccomp.Errno(0), seccomp.Trace(0), seccomp.Allow}

// hasBitmap says whether a kernel caches what filters always allow. MIPS lacks what
// that needs (SECCOMP_ARCH_NATIVE, asm/seccomp.h), the other ABIs of Go have it.
func hasBitmap(native arch.Arch, kernel arch.Kernel) Answer {
	switch native {
	case arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return No
	}
	return since(kernel, 5<<8|11)
}
