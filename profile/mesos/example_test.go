// SPDX-License-Identifier: Apache-2.0

package mesos_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/mesos"
	"github.com/gosieve/sieve/seccomp"
)

func ExampleParse() {
	p, err := mesos.Parse([]byte(`{
		"defaultAction": "SCMP_ACT_ERRNO",
		"archMap": [],
		"syscalls": [
			{"names": ["read"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {}, "excludes": {}},
			{"names": ["bpf"], "action": "SCMP_ACT_ALLOW", "args": [], "includes": {"caps": ["CAP_BPF"]}, "excludes": {}}
		]}`), profile.File("default.json"))
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, diagnostics, err := p.Resolve(profile.Target{Arch: arch.X86_64})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, d := range diagnostics {
		fmt.Println(d)
	}
	for _, name := range []string{"read", "bpf"} {
		nr, _ := arch.X86_64.Number(name)
		fmt.Println(name, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	}
	// Output:
	// default.json:3:14: archMap: info: no entry for x86_64: only that ABI is filtered, and calls through any other kill the thread (mesos-no-arch)
	// default.json:6:85: syscalls[1].includes.caps[0]: warning: an agent before Mesos 1.11 may not know CAP_BPF, and then refuses the profile (mesos-capability)
	// read ALLOW
	// bpf ERRNO(1)
}
