// SPDX-License-Identifier: Apache-2.0

package systemd_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/systemd"
	"github.com/gosieve/sieve/seccomp"
)

func ExampleParse() {
	p, err := systemd.Parse([]byte(`[Service]
SystemCallFilter=@system-service
SystemCallFilter=~@resources:EPERM
SystemCallArchitectures=native
`))
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"read", "setrlimit", "reboot"} {
		nr, _ := arch.X86_64.Number(name)
		fmt.Println(name, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	}
	// Output:
	// read ALLOW
	// setrlimit ERRNO(1)
	// reboot KILL_PROCESS
}
