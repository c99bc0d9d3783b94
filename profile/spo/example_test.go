// SPDX-License-Identifier: Apache-2.0

package spo_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/spo"
	"github.com/gosieve/sieve/seccomp"
)

func ExampleParse() {
	p, err := spo.Parse([]byte(`
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: quiet
spec:
  defaultAction: SCMP_ACT_ERRNO
  architectures:
  - SCMP_ARCH_X86_64
  syscalls:
  - action: SCMP_ACT_ALLOW
    names:
    - read
    - exit_group
`), profile.File("quiet.yaml"))
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, name := range []string{"read", "execve"} {
		nr, _ := arch.X86_64.Number(name)
		fmt.Println(name, policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	}
	// Output:
	// read ALLOW
	// execve ERRNO(1)
}
