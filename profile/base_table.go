// SPDX-License-Identifier: Apache-2.0

package profile

import "github.com/gosieve/sieve/arch"

// programs are those of one kind, and the calls without which they do not come to their
// end: of each list one is enough, and an ABI that has none of them does without.
//
// Measured on x86_64 with Linux 6.18, one call denied at a time (sieve run with a
// profile that allows all else), for a program that opens a file, reads a line and writes
// one: glibc 2.36, musl 1.2.3, Go 1.26.8. TestMissingCalls measures it anew.
type programs struct {
	who  string
	errs [][]string // must not fail with an errno
	kill [][]string // must not be killed or trapped: also calls whose failure is borne
}

var programKinds = []programs{
	{
		who: "linked with glibc dynamically",
		errs: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"mprotect"}, {"openat", "open"}, {"read"},
			{"newfstatat", "fstatat64", "statx", "fstat", "fstat64"}, {"close"}, {"pread64"},
		},
		kill: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"munmap"}, {"mprotect"}, {"brk"}, {"openat", "open"}, {"read"},
			{"newfstatat", "fstatat64", "statx", "fstat", "fstat64"}, {"close"}, {"pread64"}, {"access", "faccessat"},
			{"set_tid_address"}, {"set_robust_list"}, {"rseq"}, {"prlimit64"}, {"getrandom"}, {"exit_group"},
		},
	},
	{
		who:  "linked with glibc statically",
		errs: [][]string{{"execve"}, {"mprotect"}},
		kill: [][]string{
			{"execve"}, {"mprotect"}, {"brk"}, {"set_tid_address"}, {"set_robust_list"}, {"rseq"}, {"prlimit64"}, {"getrandom"}, {"exit_group"},
		},
	},
	{
		who:  "linked with musl statically",
		errs: [][]string{{"execve"}},
		kill: [][]string{{"execve"}, {"set_tid_address"}, {"exit_group"}},
	},
	{
		who: "of Go",
		errs: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"futex", "futex_time64"}, {"rt_sigaction"}, {"rt_sigprocmask"}, {"sigaltstack"},
			{"clone"}, {"fcntl", "fcntl64"}, {"exit_group"},
		},
		kill: [][]string{
			{"execve"}, {"mmap", "mmap2"}, {"openat", "open"}, {"read"}, {"pread64"}, {"close"}, {"futex", "futex_time64"}, {"rt_sigaction"},
			{"rt_sigprocmask"}, {"sigaltstack"}, {"clone"}, {"fcntl", "fcntl64"}, {"gettid"}, {"sched_getaffinity"},
			{"madvise"}, {"prlimit64"}, {"exit_group"},
		},
	},
}

// threadArea is the call that sets the thread pointer, on ABIs where that takes one.
// Programs of all kinds need it.
func threadArea(a arch.Arch) string {
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
