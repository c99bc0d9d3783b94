// SPDX-License-Identifier: Apache-2.0

package userland

import "github.com/gosieve/sieve/arch"

// Kind is programs of one kind, and the calls without which they do not come to their end.
// Of each list of calls one is enough, and an ABI that has none of them does without.
//
// Measured on x86_64 with Linux 6.18, one call denied at a time (sieve run with a
// profile that allows all else), for a program that opens a file, reads a line and writes
// one: glibc 2.36, musl 1.2.3, Go 1.26.8. TestMissingCalls measures it anew. A larger program
// needs more, so the lists are a lower bound: lint reports what is missing from them, and
// never says that a profile is sufficient.
type Kind struct {
	Who  string
	Errs [][]string // must not fail with an errno
	Kill [][]string // must not be killed or trapped: also calls whose failure is borne
}

// Kinds are the kinds that were measured. Kill has all of Errs, since a call that must not
// fail must not end the program either.
var Kinds = []Kind{
	{
		Who: "linked with glibc dynamically",
		Errs: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"mprotect"}, {"openat", "open"}, {"read"},
			{"newfstatat", "fstatat64", "statx", "fstat", "fstat64"}, {"close"}, {"pread64"},
		},
		Kill: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"munmap"}, {"mprotect"}, {"brk"}, {"openat", "open"}, {"read"},
			{"newfstatat", "fstatat64", "statx", "fstat", "fstat64"}, {"close"}, {"pread64"}, {"access", "faccessat"},
			{"set_tid_address"}, {"set_robust_list"}, {"rseq"}, {"prlimit64"}, {"getrandom"}, {"exit_group"},
		},
	},
	{
		Who:  "linked with glibc statically",
		Errs: [][]string{{"execve"}, {"mprotect"}},
		Kill: [][]string{
			{"execve"}, {"mprotect"}, {"brk"}, {"set_tid_address"}, {"set_robust_list"}, {"rseq"}, {"prlimit64"}, {"getrandom"}, {"exit_group"},
		},
	},
	{
		Who:  "linked with musl statically",
		Errs: [][]string{{"execve"}},
		Kill: [][]string{{"execve"}, {"set_tid_address"}, {"exit_group"}},
	},
	{
		Who: "of Go",
		Errs: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"futex", "futex_time64"}, {"rt_sigaction"}, {"rt_sigprocmask"}, {"sigaltstack"},
			{"clone"}, {"fcntl", "fcntl64"}, {"exit_group"},
		},
		Kill: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"openat", "open"}, {"read"}, {"pread64"}, {"close"}, {"futex", "futex_time64"}, {"rt_sigaction"},
			{"rt_sigprocmask"}, {"sigaltstack"}, {"clone"}, {"fcntl", "fcntl64"}, {"gettid"}, {"sched_getaffinity"},
			{"madvise"}, {"prlimit64"}, {"exit_group"},
		},
	},
}

// ThreadArea is the call that sets the thread pointer, on ABIs where that takes one.
// Programs of all kinds need it. It is empty where no call is needed.
func ThreadArea(a arch.Arch) string {
	switch a {
	case arch.X86_64, arch.X32:
		return "arch_prctl"
	case arch.ARM:
		return "set_tls"
	case arch.X86, arch.M68K, arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32, arch.MIPSEL64N32:
		return "set_thread_area"
	}
	return ""
}
