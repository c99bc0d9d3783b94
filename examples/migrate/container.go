// SPDX-License-Identifier: Apache-2.0

package migrate

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/notify"
)

// Call is a rule as container runtimes hold it: the name of a call, and conditions that
// must all hold.
type Call struct {
	Name   string
	Args   []seccomp.Arg
	Action seccomp.Action
}

// Container makes a filter as runtimes do with libseccomp: for the machine's own ABI and
// those named, with rules in any order, of which some may have names that no kernel knows.
// Calls above all that the rules name get ENOSYS, for which runc edits libseccomp's program.
func Container(abis []string, otherwise seccomp.Action, calls ...Call) (seccomp.Filter, error) {
	policy := &seccomp.Policy{Arches: []arch.Arch{arch.Native()}, Default: otherwise}
	for _, name := range abis {
		abi, err := arch.Parse(name)
		if err != nil {
			return nil, err
		}
		if abi != arch.Native() {
			policy.Arches = append(policy.Arches, abi)
		}
	}
	for _, c := range calls {
		policy.Rules = append(policy.Rules, seccomp.Rule{Syscalls: []string{c.Name}, Args: c.Args, Action: c.Action})
	}
	policy, _, err := profile.Expand(policy, profile.SkipUnknown, profile.RestrictOverlaps)
	if err != nil {
		return nil, err
	}
	return policy.Compile()
}

// Load filters the calling thread, which the caller holds (runtime.LockOSThread). If the
// filter ever asks a supervisor, the result is the listener's descriptor, and otherwise -1.
// Nothing is called once the filter is in force.
func Load(filter seccomp.Filter, flags seccomp.Flags) (int, error) {
	if filter.Check(flags|seccomp.NewListener) != nil { // no program of it asks
		return -1, filter.Install(flags)
	}
	fd, err := notify.Listen(filter, flags)
	return int(fd), err
}
