// SPDX-License-Identifier: Apache-2.0

package userland

import (
	"slices"
	"sync"
)

// runtimeCalls are what runtimes need on x86_64 between installing the filter and
// executing the command, as the Security Profiles Operator measured it for runc 1.4.2
// and crun 1.26 (its examples baseprofile-runc and baseprofile-crun, commit a2e4c4bd).
// Another release of a runtime may make other calls: what lint makes of the list is a note.
var runtimeCalls = sync.OnceValue(func() map[string][]string {
	return map[string][]string{
		"runc": {
			"arch_prctl", "brk", "capget", "capset", "chdir", "close", "close_range", "epoll_ctl", "epoll_pwait", "execve", "exit_group",
			"faccessat2", "fcntl", "fstat", "fstatfs", "futex", "getcwd", "getdents64", "getpid", "getppid", "getuid", "mmap", "mprotect",
			"nanosleep", "newfstatat", "openat", "openat2", "prctl", "read", "recvfrom", "rt_sigreturn", "sched_yield", "set_tid_address",
			"setgid", "setgroups", "setuid", "sigaltstack", "statx", "tgkill", "write",
		},
		"crun": {
			"access", "arch_prctl", "brk", "capset", "chdir", "chmod", "chown", "close", "close_range", "dup2", "execve", "exit_group",
			"fchdir", "fchown", "fstat", "fstatfs", "getcwd", "getegid", "geteuid", "getgid", "getuid", "ioctl", "lseek", "mkdirat", "mknodat",
			"mmap", "mount", "mprotect", "nanosleep", "newfstatat", "openat", "openat2", "pivot_root", "prctl", "pselect6", "read", "readlink",
			"rt_sigaction", "rt_sigprocmask", "set_tid_address", "setgroups", "sethostname", "setns", "setresgid", "setresuid", "setsid",
			"statfs", "statx", "symlinkat", "umask", "umount2", "unshare", "write",
		},
	}
})

// BeforeFilter are calls in the lists that a runtime makes before the filter is on:
// Docker's default denies them to containers without CAP_SYS_ADMIN, which start under
// crun all the same.
var BeforeFilter = []string{"mount", "pivot_root", "sethostname", "setns", "umount2", "unshare"}

// RuntimeCalls are the calls that a container runtime, "runc" or "crun", makes on
// x86_64 between installing the filter and executing the command; nil for others.
func RuntimeCalls(runtime string) []string { return slices.Clone(runtimeCalls()[runtime]) }
