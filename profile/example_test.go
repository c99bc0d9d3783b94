// SPDX-License-Identifier: Apache-2.0

package profile_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// A document becomes a policy for a target, and that decides calls.
func Example() {
	document := []byte(`{
	"defaultAction": "SCMP_ACT_ERRNO",
	"syscalls": [
		{"names": ["read", "write", "exit_group"], "action": "SCMP_ACT_ALLOW"},
		{"names": ["socket"], "action": "SCMP_ACT_ALLOW",
			"args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}
	]
}`)
	p, err := profile.Parse(document, profile.File("profile.json"))
	if err != nil {
		fmt.Println(err)
		return
	}
	target := profile.Target{Arch: arch.AArch64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	policy, _, err := p.Resolve(target)
	if err != nil {
		fmt.Println(err)
		return
	}
	socket, _ := arch.AArch64.Number("socket")
	for _, domain := range []uint64{1, 2} {
		call := seccomp.Call{Audit: arch.AArch64.Audit(), Nr: socket, Args: [6]uint64{domain}}
		decision := policy.Explain(&call)
		fmt.Println(decision.Action)
		if decision.By == seccomp.ByRule {
			fmt.Println("by", policy.Rules[decision.Rule].Origin)
		}
	}
	// Output:
	// ALLOW
	// by profile.json:5:3
	// ERRNO(1)
}

// An error says where it is and what would do.
func ExampleParse_error() {
	_, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO",
"syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ALOW"}]}`), profile.File("profile.json"))
	fmt.Println(err)
	// Output:
	// profile.json:2:46: syscalls[0].action: unknown action "SCMP_ACT_ALOW", want SCMP_ACT_ALLOW, SCMP_ACT_ERRNO, SCMP_ACT_KILL, SCMP_ACT_KILL_PROCESS, SCMP_ACT_KILL_THREAD, SCMP_ACT_LOG, SCMP_ACT_NOTIFY, SCMP_ACT_TRACE, SCMP_ACT_TRAP; did you mean "SCMP_ACT_ALLOW"?
}

// Rules that contradict one another are refused, with a call that shows it.
func ExampleProfile_Resolve_overlap() {
	p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
{"names": ["ioctl"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 1, "value": 65280, "valueTwo": 21504, "op": "SCMP_CMP_MASKED_EQ"}]},
{"names": ["ioctl"], "action": "SCMP_ACT_KILL", "args": [{"index": 1, "value": 21522, "op": "SCMP_CMP_EQ"}]}
]}`), profile.File("profile.json"))
	if err != nil {
		fmt.Println(err)
		return
	}
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}
	_, _, err = p.Resolve(target)
	fmt.Println(err)

	_, diagnostics, err := p.Resolve(target, profile.RestrictOverlaps)
	fmt.Println(diagnostics[0], err)
	// Output:
	// profile.json:3:1: syscalls[1]: ioctl(0x0, 0x5412) on x86_64 is KILL_THREAD here and ALLOW in profile.json:2:1: syscalls[0]: their conditions overlap
	// profile.json:3:1: syscalls[1]: info: ioctl(0x0, 0x5412) on x86_64 is KILL_THREAD here and ALLOW in profile.json:2:1: syscalls[0]: it gets KILL_THREAD (overlap) <nil>
}

// Docker's default profile, as it is for a container with one capability more.
func ExampleDockerDefault() {
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	mount, _ := arch.X86_64.Number("mount")
	for _, more := range []string{"CAP_NET_ADMIN", "CAP_SYS_ADMIN"} {
		target.Caps = append(target.Caps, more)
		policy, _, err := profile.DockerDefault().Resolve(target)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(more, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: mount}))
	}
	// Output:
	// CAP_NET_ADMIN ERRNO(1)
	// CAP_SYS_ADMIN ALLOW
}

// A runtime has rules in values of its own, and adds them as it would to libseccomp's
// filter: in any order, for a call by name, with conditions that must all hold. Names that
// no table knows are skipped, with a warning.
func ExampleExpand() {
	family := func(n uint64) []seccomp.Arg { return []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: n}} }
	policy, warnings, err := profile.Expand(&seccomp.Policy{
		Arches: []arch.Arch{arch.X86_64, arch.X86}, Default: seccomp.Allow,
		Rules: []seccomp.Rule{
			{Syscalls: []string{"socket"}, Args: family(16), Action: seccomp.Errno(1)}, // AF_NETLINK
			{Syscalls: []string{"not_yet_a_call"}, Action: seccomp.Errno(1)},
			{Arches: []arch.Arch{arch.X86}, Syscalls: []string{"ptrace"}, Action: seccomp.KillProcess},
		},
	}, profile.SkipUnknown)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range warnings {
		fmt.Println(w)
	}
	for _, r := range policy.Rules {
		fmt.Println(r.Arches, r.Syscalls, r.Action, r.Origin)
	}
	// Output:
	// Rules[1].Syscalls[0]: warning: unknown system call "not_yet_a_call": it is skipped, and ERRNO(1) becomes ALLOW (unknown-syscall)
	// [] [socket] ERRNO(1) Rules[0]
	// [x86] [ptrace] KILL_PROCESS Rules[2]
	// [x86] [socketcall] ERRNO(1) Rules[0] through socketcall
}
