// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// Numbers of Linux, which are the same on all ABIs with files like these.
const (
	fGetFD    = 1 // fcntl(2)
	fGetFL    = 3
	protExec  = 4      // mmap(2)
	emptyPath = 0x1000 // statx(2), AT_EMPTY_PATH
	mostFD    = 1<<31 - 1
	prot      = 2 // the index of the argument that has it
)

// Server is a policy as gVisor's sandboxes have them: a first set of rules that end the
// process, a second that allows, and the end of the process for the rest. Rules are tried
// in order, so one list holds both. Where gVisor has an Or, a call has several rules.
func Server() *seccomp.Policy {
	executable := []seccomp.Arg{{Index: prot, Op: seccomp.MaskedEQ, Mask: protExec, Value: protExec}}
	return &seccomp.Policy{
		Arches: []arch.Arch{arch.Native()},
		Rules: []seccomp.Rule{
			{Syscalls: []string{"mmap", "mprotect"}, Args: executable, Action: seccomp.KillProcess},
			{Syscalls: []string{"accept", "close", "read", "write", "futex", "mmap", "mprotect", "munmap"}, Action: seccomp.Allow},
			{Syscalls: []string{"fcntl"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: fGetFD}}, Action: seccomp.Allow},
			{Syscalls: []string{"fcntl"}, Args: []seccomp.Arg{{Index: 1, Op: seccomp.EQ, Value: fGetFL}}, Action: seccomp.Allow},
			{Syscalls: []string{"statx"}, Args: []seccomp.Arg{
				{Index: 0, Op: seccomp.LE, Value: mostFD},
				{Index: 2, Op: seccomp.MaskedEQ, Mask: emptyPath, Value: emptyPath},
			}, Action: seccomp.Allow},
		},
		Default: seccomp.KillProcess,
		BadArch: seccomp.KillProcess,
	}
}
