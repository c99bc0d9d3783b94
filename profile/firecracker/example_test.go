// SPDX-License-Identifier: Apache-2.0

package firecracker_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/firecracker"
	"github.com/gosieve/sieve/seccomp"
)

func ExampleParse() {
	p, err := firecracker.Parse([]byte(`{
		"api":  {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "read"}]},
		"vcpu": {"default_action": "trap", "filter_action": "allow", "filter": [{"syscall": "ioctl",
			"args": [{"index": 1, "type": "dword", "op": "eq", "val": 44672, "comment": "KVM_RUN"}]}]}
	}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Threads())
	p.Thread = "vcpu"
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64})
	if err != nil {
		fmt.Println(err)
		return
	}
	ioctl, _ := arch.X86_64.Number("ioctl")
	fmt.Println(policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: ioctl, Args: [6]uint64{7, 0xae80}}))
	// Output:
	// [api vcpu]
	// ALLOW
}
