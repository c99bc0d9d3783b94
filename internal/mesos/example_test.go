// SPDX-License-Identifier: Apache-2.0

package mesos_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/mesos"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
)

// What a Marathon app asks for is what an agent runs its task under.
func ExampleAgent() {
	isolator, err := mesos.Agent{ConfigDir: "../../examples/marathon/seccomp", DefaultProfile: "default.json", Native: arch.X86_64}.Start()
	if err != nil {
		fmt.Println(err)
		return
	}
	relaxed, missing := "relaxed.json", "missing.json"
	for _, info := range []*mesos.SeccompInfo{nil, {ProfileName: &relaxed}, {Unconfined: true}, {ProfileName: &missing}} {
		launch, err := isolator.Prepare(info)
		if err != nil {
			fmt.Println(err)
			continue
		}
		if launch.Unconfined() {
			fmt.Println("unconfined")
			continue
		}
		caps, _ := profile.ParseCaps("ALL")
		policy, _, err := launch.Policy(profile.Target{Arch: arch.X86_64, Caps: caps})
		if err != nil {
			fmt.Println(err)
			continue
		}
		nr, _ := arch.X86_64.Number("unshare")
		fmt.Println(launch.Name, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	}
	// Output:
	// default.json ERRNO(1)
	// relaxed.json ALLOW
	// unconfined
	// Failed to read Seccomp profile file '../../examples/marathon/seccomp/missing.json': No such file or directory
}
