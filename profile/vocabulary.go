// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"slices"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// actionNames are libseccomp's names, in the order in which errors list them.
var actionNames = []string{"SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS",
	"SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", "SCMP_ACT_TRACE", "SCMP_ACT_TRAP"}

// action is the action of a name, and the largest number that it carries; most
// is 0 if it carries none. SCMP_ACT_KILL kills a thread, not the process.
func action(name string) (a seccomp.Action, most uint32, ok bool) {
	switch name {
	case "SCMP_ACT_ALLOW":
		return seccomp.Allow, 0, true
	case "SCMP_ACT_ERRNO":
		return seccomp.Errno(0), seccomp.MaxErrno, true
	case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD":
		return seccomp.KillThread, 0, true
	case "SCMP_ACT_KILL_PROCESS":
		return seccomp.KillProcess, 0, true
	case "SCMP_ACT_LOG":
		return seccomp.Log, 0, true
	case "SCMP_ACT_NOTIFY":
		return seccomp.Notify, 0, true
	case "SCMP_ACT_TRACE":
		return seccomp.Trace(0), 0xffff, true
	case "SCMP_ACT_TRAP":
		return seccomp.Trap(0), 0, true
	}
	return 0, 0, false
}

// eperm is what an action carries if the document does not say (EPERM, on every
// ABI).
const eperm = 1

// fullAction is an action that check has accepted, with its number.
func fullAction(name string, number *uint32) seccomp.Action {
	a, most, _ := action(name)
	switch {
	case most == 0:
		return a
	case number == nil:
		return a | eperm
	}
	return a | seccomp.Action(*number&most)
}

var opNames = []string{"SCMP_CMP_EQ", "SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_GT", "SCMP_CMP_GE",
	"SCMP_CMP_MASKED_EQ"}

// op is the operator of a name.
func op(name string) (seccomp.Op, bool) {
	if i := slices.Index(opNames, name); i >= 0 {
		return seccomp.EQ + seccomp.Op(i), true // in the order of package seccomp
	}
	return 0, false
}

// flagNames are the flags that a document may ask for. The others are for the
// launcher alone.
var flagNames = []string{"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"}

// abi is the ABI of a token like SCMP_ARCH_X86_64.
func abi(token string) (arch.Arch, bool) {
	if token == "" {
		return 0, false
	}
	for a := arch.X86_64; a.Valid(); a++ {
		if a.Token() == token {
			return a, true
		}
	}
	return 0, false
}

// abiTokens are all that abi knows.
func abiTokens() []string {
	var list []string
	for _, a := range arch.All() {
		if t := a.Token(); t != "" {
			list = append(list, t)
		}
	}
	return list
}

// capNames are the capabilities by number (include/uapi/linux/capability.h; the
// last is of Linux 5.9).
var capNames = []string{
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
	"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
	"CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
	"CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
	"CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE",
	"CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
}

// machines are those that filters can name.
func (d Dialect) machines() []string {
	var list []string
	for _, a := range arch.All() {
		if m := d.machine(a); m != "" {
			list = append(list, m)
		}
	}
	return list
}
