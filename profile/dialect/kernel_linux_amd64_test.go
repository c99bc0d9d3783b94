// SPDX-License-Identifier: Apache-2.0

package dialect

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/test/kerneltest"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

func TestMain(m *testing.M) {
	kerneltest.Main(m, func(programs []bpf.Program, flags uint32) error {
		if err := seccomp.NoNewPrivs(); err != nil {
			return err
		}
		return seccomp.Filter(programs).Install(seccomp.Flags(flags))
	}, nil)
}

// harmless are calls that a process without privileges may try with any arguments but
// addresses: they change nothing outside of it, and nothing in it that the child needs.
var harmless = []string{"socket", "personality", "bpf", "perf_event_open", "io_uring_setup", "io_uring_enter", "io_uring_register",
	"keyctl", "add_key", "request_key", "userfaultfd", "unshare", "mount", "umount2", "chroot", "pivot_root", "quotactl",
	"name_to_handle_at", "open_by_handle_at", "fanotify_init", "lookup_dcookie", "kcmp", "process_vm_readv", "process_vm_writev",
	"iopl", "ioperm", "swapon", "swapoff", "acct", "syslog", "setdomainname", "sethostname", "clock_settime", "settimeofday",
	"adjtimex", "clock_adjtime", "init_module", "finit_module", "delete_module", "kexec_load", "fsopen", "fspick", "open_tree",
	"move_mount", "mount_setattr", "move_pages", "mbind", "get_mempolicy", "set_mempolicy", "migrate_pages", "modify_ldt",
	"uselib", "ustat", "sysfs", "vserver", "nfsservctl", "create_module", "get_kernel_syms", "query_module", "_sysctl"}

// letsChild says whether a thread of a child can write what it saw and end under a policy.
func letsChild(p *seccomp.Policy) bool {
	for _, name := range []string{"write", "rt_sigprocmask", "sigaltstack", "futex", "mmap", "munmap", "madvise", "sched_yield", "gettid", "exit", "exit_group"} {
		nr, ok := arch.X86_64.Number(name)
		if !ok || p.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}) != seccomp.Allow {
			return false
		}
	}
	return true
}

// TestAtMostKernel has the running kernel confirm witnesses of ten looser pairs: under the
// looser profile the call is made, and under Docker's default it gets the errno.
func TestAtMostKernel(t *testing.T) {
	docker := dockerPolicy(t, arch.X86_64)
	under := func(p *seccomp.Policy, calls ...kerneltest.Call) []kerneltest.Result {
		var filter seccomp.Filter
		if p != nil {
			var err error
			filter, err = proof.Compile(p)
			require.NoError(t, err)
		}
		return kerneltest.Job{Programs: filter, Calls: calls, Nobody: true}.Run(t)
	}
	confirmed, seen := 0, map[string]int{}
	for _, x := range corpusPolicies(t) {
		if confirmed == 10 {
			return
		}
		if x.target != arch.X86_64 || !letsChild(x.policy) {
			continue
		}
		for d, err := range proof.Looser(proof.Of(x.policy), proof.Of(docker)) {
			require.NoError(t, err)
			name, _ := d.ABI.Name(d.Call.Nr)
			if d.ABI != arch.X86_64 || d.A != seccomp.Allow || d.B.Kind() != seccomp.Errno(0) || !slices.Contains(harmless, name) || seen[name] == 4 {
				continue
			}
			call := kerneltest.Call{Nr: d.Call.Nr, Args: d.Call.Args}
			if free := under(nil, call)[0]; uint16(free.Errno) != d.B.Data() {
				denied := under(docker, call)[0]
				require.Equal(t, d.B.Data(), uint16(denied.Errno), "%s: %v", x.name, d)
				require.Equal(t, free.Errno, under(x.policy, call)[0].Errno, "%s: %v", x.name, d)
				confirmed++
				seen[name]++
				t.Logf("%s: %v: %v and %v", x.name, d, free.Errno, denied.Errno)
				break // one of a pair
			}
		}
	}
	t.Skipf("the machine tells %d of ten apart: without a filter it answers the other calls as Docker's default does", confirmed)
}
