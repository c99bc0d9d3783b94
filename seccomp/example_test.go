// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// personalities denies all but two of the personalities that a program may ask for.
var personalities = &seccomp.Policy{
	Arches: []arch.Arch{arch.X86_64},
	Rules: []seccomp.Rule{
		{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 0}}, Action: seccomp.Allow},
		{Syscalls: []string{"personality"}, Args: []seccomp.Arg{{Index: 0, Op: seccomp.EQ, Value: 8}}, Action: seccomp.Allow},
		{Syscalls: []string{"personality"}, Action: seccomp.Errno(1), Origin: "no other personality"},
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
	fmt.Println("difference:", filter.Prove(personalities))
	// Output:
	// ERRNO(1)
	// difference: <nil>
}

// A filter that is not what the policy means is shown by a call.
func ExampleFilter_Prove() {
	other := *personalities
	other.Rules = other.Rules[1:] // personality 0 is no longer allowed
	filter, err := other.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	var c *seccomp.Counterexample
	if errors.As(filter.Prove(personalities), &c) {
		fmt.Println(c.Call.Nr, c.Call.Args[0], c.Policy.Action, c.Filter)
	}
	// Output:
	// 135 0 ALLOW ERRNO(1)
}

// A child runs under the filter, and the launcher stays free. It needs Linux, which
// is why the example is not run.
func ExampleFilter_Command() {
	filter, err := personalities.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	cmd := filter.Command("sh", "-c", "setarch i386 true")
	cmd.Explain = personalities // for Denials
	err = cmd.Run()
	var start *seccomp.StartError
	if errors.As(err, &start) {
		fmt.Println("it never ran:", start.Stage, start.Err)
		return
	}
	for _, d := range cmd.Denials() {
		fmt.Println(d.Count, d.Name, d.Args, d.Decision.Action)
	}
}
