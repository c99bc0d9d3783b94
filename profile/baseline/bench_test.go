// SPDX-License-Identifier: Apache-2.0

package baseline_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
)

// workload is a profile as a recorder writes it: some dozens of calls, one with conditions.
const workload = `{"defaultAction": "SCMP_ACT_ERRNO", "flags": [], "architectures": ["SCMP_ARCH_X86_64"], "syscalls": [
	{"names": ["accept4", "arch_prctl", "bind", "brk", "clone", "close", "connect", "epoll_create1", "epoll_ctl", "epoll_pwait", "execve", "exit_group", "fcntl", "fstat",
		"futex", "getpid", "getsockname", "getsockopt", "gettid", "listen", "lseek", "madvise", "mmap", "mprotect", "munmap", "nanosleep", "newfstatat", "openat", "pread64",
		"prlimit64", "read", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sched_getaffinity", "setsockopt", "sigaltstack", "tgkill", "uname", "write"], "action": "SCMP_ACT_ALLOW"},
	{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}]}`

// BenchmarkCheck is what a pulled artifact costs a node, from its bytes to the verdict.
func BenchmarkCheck(b *testing.B) {
	node := &baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{machine}, Options: []profile.Option{profile.RestrictOverlaps}}
	all := hostile()
	for _, x := range []struct{ name, text string }{
		{"workload", workload},
		{"128 entries", "{" + all["128 masks on one argument"] + "}"},
		{"1 MiB", "{" + all["1 MiB of one name"] + "}"},
	} {
		b.Run(x.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if p, err := node.Parse([]byte(x.text)); err == nil {
					_ = node.Check(ctx, p)
				}
			}
		})
	}
}

// BenchmarkIntersect is what the intersection costs when a container is made: its policy and
// a stack, proved, and the profile for runc.
func BenchmarkIntersect(b *testing.B) {
	node := &baseline.Baseline{Document: profile.DockerDefault()}
	p, err := node.Parse([]byte(workload))
	require.NoError(b, err)
	x, err := node.Intersect(ctx, machine, p)
	require.NoError(b, err)
	b.Run("policy", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = node.Intersect(ctx, machine, p)
		}
	})
	b.Run("profile", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, _ = x.Profile()
		}
	})
}
