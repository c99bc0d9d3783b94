// SPDX-License-Identifier: Apache-2.0

package record

import (
	"fmt"
	"slices"
)

// Runtime is what starts the command under the profile. It makes calls of its own
// between installing the filter and executing the command, which the profile
// must allow.
type Runtime string

// The runtimes. NoRuntime is a launcher that installs the filter as the last thing
// before execve, as package seccomp does.
const (
	NoRuntime Runtime = "none"
	Runc      Runtime = "runc"
	Crun      Runtime = "crun"
)

// runtimeCalls are what each needs on x86_64, as the Security Profiles Operator
// measured it for runc 1.4.2 and crun 1.26 (its examples baseprofile-runc and
// baseprofile-crun, commit a2e4c4bd).
var runtimeCalls = map[Runtime][]string{
	NoRuntime: {"execve"},
	Runc: {
		"arch_prctl", "brk", "capget", "capset", "chdir", "close", "close_range", "epoll_ctl", "epoll_pwait", "execve", "exit_group",
		"faccessat2", "fcntl", "fstat", "fstatfs", "futex", "getcwd", "getdents64", "getpid", "getppid", "getuid", "mmap", "mprotect",
		"nanosleep", "newfstatat", "openat", "openat2", "prctl", "read", "recvfrom", "rt_sigreturn", "sched_yield", "set_tid_address",
		"setgid", "setgroups", "setuid", "sigaltstack", "statx", "tgkill", "write",
	},
	Crun: {
		"access", "arch_prctl", "brk", "capset", "chdir", "chmod", "chown", "close", "close_range", "dup2", "execve", "exit_group",
		"fchdir", "fchown", "fstat", "fstatfs", "getcwd", "getegid", "geteuid", "getgid", "getuid", "ioctl", "lseek", "mkdirat", "mknodat",
		"mmap", "mount", "mprotect", "nanosleep", "newfstatat", "openat", "openat2", "pivot_root", "prctl", "pselect6", "read", "readlink",
		"rt_sigaction", "rt_sigprocmask", "set_tid_address", "setgroups", "sethostname", "setns", "setresgid", "setresuid", "setsid",
		"statfs", "statx", "symlinkat", "umask", "umount2", "unshare", "write",
	},
}

// ParseRuntime reads "none", "runc" or "crun".
func ParseRuntime(name string) (Runtime, error) {
	if _, ok := runtimeCalls[Runtime(name)]; !ok {
		return "", fmt.Errorf("unknown runtime %q, want none, runc or crun", name)
	}
	return Runtime(name), nil
}

func (r Runtime) calls() []string { return slices.Clone(runtimeCalls[r]) }

// comment stands in the document beside the calls.
func (r Runtime) comment() string {
	if r == NoRuntime || r == "" {
		return ""
	}
	return "what " + string(r) + " needs to start a container"
}
