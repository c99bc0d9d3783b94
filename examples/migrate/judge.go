// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// Judge makes the program for a launcher that forks by itself: what a solution of a
// contest may call, what its tracer decides, and what becomes of the rest. A list may be
// empty. Calls through other ABIs end the process, those of x32 too, which go-seccomp-bpf
// answers with ENOSYS.
func Judge(allow, trace []string, otherwise seccomp.Action) (bpf.Program, error) {
	policy := &seccomp.Policy{
		Arches:  []arch.Arch{arch.Native()},
		Default: otherwise,
		BadArch: seccomp.KillProcess,
	}
	for _, group := range []seccomp.Rule{
		{Syscalls: allow, Action: seccomp.Allow},
		{Syscalls: trace, Action: seccomp.Trace(0)},
	} {
		if len(group.Syscalls) > 0 { // a rule without calls is an error
			policy.Rules = append(policy.Rules, group)
		}
	}
	filter, err := proof.Compile(policy)
	if err != nil {
		return nil, err
	}
	return filter.Program()
}
