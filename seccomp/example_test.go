// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// personalities denies all but two of the personalities that a program may ask for.
var personalities = &seccomp.Policy{
	Arches: []arch.Arch{arch.X86_64},
	Rules: []seccomp.Rule{
		{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 0}}, Action: seccomp.Allow},
		{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 8}}, Action: seccomp.Allow},
		{Syscalls: []string{"personality"}, Action: seccomp.Errno(1), Origin: seccomp.Origin{Note: "no other personality"}},
	},
	Default: seccomp.Allow,
	BadArch: seccomp.KillProcess,
}

func ExamplePolicy_Explain() {
	c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{4}}
	d := personalities.Explain(&c)
	fmt.Println(d.Action, d.By == seccomp.ByRule, personalities.Rules[d.Rule].Origin)
	// Output:
	// ERRNO(1) true no other personality
}

func ExamplePolicy_Compile() {
	filter, err := personalities.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 135, Args: [6]uint64{4}}
	fmt.Println(filter.Run(&c))
	fmt.Println("difference:", proof.Prove(filter, personalities))
	// Output:
	// ERRNO(1)
	// difference: <nil>
}
