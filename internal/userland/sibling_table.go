// SPDX-License-Identifier: Apache-2.0

package userland

import "github.com/gosieve/sieve/arch"

// Hidden is the place of what a filter cannot see, as it lies in memory: the flags of clone3
// in struct clone_args, for instance.
const Hidden = -1

// Aspect is what a rule may look at in an argument, and where other calls have the
// same.
type Aspect struct {
	What string
	bits uint64 // that matter, 0 for all
	In   []Seen
}

// Seen is a call that has an aspect, in an argument or hidden. Kernels and arguments are
// those of the man pages and of include/linux/syscalls.h of Linux 7.2.
type Seen struct {
	Call  string
	arg   int
	since arch.Kernel // that it does, if that is later than the call
}

// On is where the call has the aspect on an ABI: clone has its flags in another argument
// on s390 (CONFIG_CLONE_BACKWARDS2), and mmap takes a struct where it is sys_old_mmap
// (arch/*/entry/syscalls/syscall*.tbl).
func (s Seen) On(a arch.Arch) int {
	switch {
	case s.Call == "clone" && (a == arch.S390 || a == arch.S390X):
		return 1
	case s.Call == "mmap" && (a == arch.X86 || a == arch.S390 || a == arch.S390X || a == arch.M68K):
		return Hidden
	}
	return s.arg
}

// Aspects are what lint compares: what rules ask of one call of a line can be had through the
// others. Left out are socketcall and ipc, which have codes of their own
// (multiplexer-bypass, multiplexer-conditions).
var Aspects = []Aspect{
	{"flags", 0, []Seen{{"clone", 0, 0}, {"clone3", Hidden, 0}}},
	{"namespaces", 0x7e020000, []Seen{{"clone", 0, 0}, {"unshare", 0, 0}}},
	{"namespaces", 0x7e020000, []Seen{{"unshare", 0, 0}, {"clone", 0, 0}, {"clone3", Hidden, 0}}},
	{"flags", 0, []Seen{{"open", 1, 0}, {"openat", 2, 0}, {"openat2", Hidden, 0}}},
	{"mode", 0, []Seen{{"open", 2, 0}, {"openat", 3, 0}, {"openat2", Hidden, 0}, {"creat", 1, 0}}},
	{"family", 0, []Seen{{"socket", 0, 0}, {"io_uring_setup", Hidden, 5<<8 | 19}}},
	{"mode", 0, []Seen{{"chmod", 1, 0}, {"fchmod", 1, 0}, {"fchmodat", 2, 0}, {"fchmodat2", 2, 0}}},
	{"mode", 0, []Seen{{"mkdir", 1, 0}, {"mkdirat", 2, 0}}},
	{"mode", 0, []Seen{{"mknod", 1, 0}, {"mknodat", 2, 0}}},
	{"owner", 0, []Seen{{"chown", 1, 0}, {"lchown", 1, 0}, {"fchown", 1, 0}, {"fchownat", 2, 0}}},
	{"signal", 0, []Seen{{"kill", 1, 0}, {"tkill", 1, 0}, {"tgkill", 2, 0}, {"rt_sigqueueinfo", 1, 0}, {"rt_tgsigqueueinfo", 2, 0}, {"pidfd_send_signal", 1, 0}}},
	{"protection", 0, []Seen{{"mprotect", 2, 0}, {"pkey_mprotect", 2, 0}}},
	{"protection", 0, []Seen{{"mmap2", 2, 0}, {"mmap", 2, 0}}},
	{"flags", 0, []Seen{{"mmap2", 3, 0}, {"mmap", 3, 0}}},
	{"resource", 0, []Seen{{"setrlimit", 0, 0}, {"prlimit64", 1, 0}}},
	{"command", 0, []Seen{{"fcntl", 1, 0}, {"fcntl64", 1, 0}}},
	{"command", 0, []Seen{{"fcntl64", 1, 0}, {"fcntl", 1, 0}}},
	{"flags", 0, []Seen{{"mount", 3, 0}, {"mount_setattr", Hidden, 0}}},
	{"policy", 0, []Seen{{"sched_setscheduler", 1, 0}, {"sched_setattr", Hidden, 0}}},
	{"flags", 0, []Seen{{"renameat2", 4, 0}, {"io_uring_setup", Hidden, 5<<8 | 11}}},
	{"flags", 0, []Seen{{"sendto", 3, 0}, {"sendmsg", 2, 0}, {"sendmmsg", 3, 0}}},
	{"flags", 0, []Seen{{"recvfrom", 3, 0}, {"recvmsg", 2, 0}, {"recvmmsg", 3, 0}}},
	{"flags", 0, []Seen{{"preadv2", 5, 0}, {"io_uring_setup", Hidden, 0}}},
	{"flags", 0, []Seen{{"pwritev2", 5, 0}, {"io_uring_setup", Hidden, 0}}},
}

// Family is calls that do the same: denying one of them alone keeps no program from
// it.
type Family struct {
	What  string
	Calls []string
	// also do it, with more that they do: a denial of such a call alone may have
	// another reason.
	also []string
}

// Families are by what their calls do, as manual pages of section 2 have it. A call may be in
// several.
var Families = []Family{
	{"change a file's mode", []string{"chmod", "fchmod", "fchmodat", "fchmodat2"}, nil},
	{"change a file's owner", []string{"chown", "lchown", "fchown", "fchownat", "chown32", "lchown32", "fchown32"}, nil},
	{"open a file", []string{"open", "openat"}, []string{"openat2"}},
	{"create a file", []string{"creat"}, []string{"open", "openat", "openat2"}},
	{"remove a file", []string{"unlink", "unlinkat"}, nil},
	{"remove a directory", []string{"rmdir"}, []string{"unlinkat"}},
	{"rename a file", []string{"rename", "renameat", "renameat2"}, nil},
	{"link a file", []string{"link", "linkat"}, nil},
	{"make a symbolic link", []string{"symlink", "symlinkat"}, nil},
	{"make a directory", []string{"mkdir", "mkdirat"}, nil},
	{"make a device file", []string{"mknod", "mknodat"}, nil},
	{"cut a file", []string{"truncate", "ftruncate", "truncate64", "ftruncate64"}, nil},
	{"set a file's times", []string{"utime", "utimes", "futimesat", "utimensat", "utimensat_time64"}, nil},
	{"set a file's attributes", []string{"setxattr", "lsetxattr", "fsetxattr", "setxattrat"}, nil},
	{"remove a file's attributes", []string{"removexattr", "lremovexattr", "fremovexattr", "removexattrat"}, nil},
	{"make a process", []string{"fork", "vfork", "clone"}, []string{"clone3"}},
	{"execute a file", []string{"execve", "execveat"}, nil},
	{"send a signal", []string{"kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"}, nil},
	{"become another user", []string{"setuid", "setreuid", "setresuid", "setuid32", "setreuid32", "setresuid32"}, nil},
	{"become another group", []string{"setgid", "setregid", "setresgid", "setgid32", "setregid32", "setresgid32"}, nil},
	{"set the supplementary groups", []string{"setgroups", "setgroups32"}, nil},
	{"mount", []string{"mount"}, []string{"move_mount"}},
	{"unmount", []string{"umount", "umount2"}, nil},
	{"load a module", []string{"init_module", "finit_module"}, nil},
	{"load a kernel", []string{"kexec_load", "kexec_file_load"}, nil},
	{"set the clock", []string{"settimeofday", "clock_settime", "clock_settime64", "stime", "adjtimex", "clock_adjtime", "clock_adjtime64"}, nil},
	{"set a limit", []string{"setrlimit"}, []string{"prlimit64"}},
	{"change quotas", []string{"quotactl", "quotactl_fd"}, nil},
	{"change scheduling", []string{"sched_setscheduler", "sched_setattr"}, nil},
	{"connect to I/O ports", []string{"ioperm", "iopl"}, nil},
	{"protect memory", []string{"mprotect", "pkey_mprotect"}, nil},
	{"accept a connection", []string{"accept", "accept4"}, nil},
	{"send a message", []string{"sendto", "sendmsg", "sendmmsg"}, nil},
	{"receive a message", []string{"recvfrom", "recvmsg", "recvmmsg", "recvmmsg_time64"}, nil},
	{"give advice about a file", []string{"fadvise64", "fadvise64_64", "arm_fadvise64_64"}, nil},
	{"write part of a file back", []string{"sync_file_range", "sync_file_range2", "arm_sync_file_range"}, nil},
	{"seek", []string{"lseek", "_llseek"}, nil},
}
