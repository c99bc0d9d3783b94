// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"slices"
	"strings"
	"sync"

	"github.com/gosieve/sieve/arch"
)

// The words of the dialect stand at their numbers in Mesos' seccomp.proto, where 0
// is UNKNOWN: the reader takes it, and what uses it then refuses the number.
var (
	actionWords   = []string{"UNKNOWN", "ACT_KILL", "ACT_TRAP", "ACT_ERRNO", "ACT_TRACE", "ACT_ALLOW"}
	operatorWords = []string{"UNKNOWN", "CMP_NE", "CMP_LT", "CMP_LE", "CMP_EQ", "CMP_GE", "CMP_GT", "CMP_MASKED_EQ"}
	archWords     = []string{"UNKNOWN", "ARCH_X86", "ARCH_X86_64", "ARCH_X32", "ARCH_ARM", "ARCH_AARCH64",
		"ARCH_MIPS", "ARCH_MIPSEL", "ARCH_MIPS64", "ARCH_MIPSEL64", "ARCH_MIPS64N32", "ARCH_MIPSEL64N32",
		"ARCH_PPC", "ARCH_PPC64", "ARCH_PPC64LE", "ARCH_S390", "ARCH_S390X"}
)

// archABI are the ABIs of archWords. PPC64 has none: the agent reads the word and
// cannot resolve it.
var archABI = []arch.Arch{0, arch.X86, arch.X86_64, arch.X32, arch.ARM, arch.AArch64,
	arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32,
	arch.PPC, 0, arch.PPC64LE, arch.S390, arch.S390X}

// machines are the names in includes and excludes.
var machines = sync.OnceValue(func() map[string]arch.Arch {
	return map[string]arch.Arch{
		"x86": arch.X86, "amd64": arch.X86_64, "x32": arch.X32, "arm": arch.ARM, "arm64": arch.AArch64,
		"mips": arch.MIPS, "mipsel": arch.MIPSEL, "mips64": arch.MIPS64, "mipsel64": arch.MIPSEL64,
		"mips64n32": arch.MIPS64N32, "mipsel64n32": arch.MIPSEL64N32, "ppc": arch.PPC, "ppc64le": arch.PPC64LE,
		"s390": arch.S390, "s390x": arch.S390X,
	}
})

// capabilityWords are the capabilities without CAP_, by number (CapabilityInfo in
// mesos.proto counts from 1000). Older agents end with AUDIT_READ.
// The agent's numbers are positions in this list, so it is in the order of
// include/uapi/linux/capability.h.
var capabilityWords = []string{"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
	"SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
	"PERFMON", "BPF", "CHECKPOINT_RESTORE"}

// oldCapabilities is how many of capabilityWords agents before Mesos 1.11 know.
const oldCapabilities = 38

// prefix stands before every word of libseccomp in a document. The agent cuts it off and
// looks the rest up among the names of its protobuf enums, exactly and case by case.
const prefix = "SCMP_"

// word returns the number of a word with the prefix SCMP_, or the agent's message: it begins
// with "Unexpected" without the prefix, and with "Unknown" for an unknown word.
func word(words []string, s, unexpected, unknown string) (int, string) {
	rest, ok := strings.CutPrefix(s, prefix)
	if !ok {
		return 0, "Unexpected " + unexpected + ": '" + s + "'"
	}
	i := slices.Index(words, rest)
	if i < 0 {
		return 0, "Unknown " + unknown + ": '" + s + "'"
	}
	return i, ""
}
