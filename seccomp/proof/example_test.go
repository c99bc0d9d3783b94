// SPDX-License-Identifier: Apache-2.0

package proof_test

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
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

// A filter that is not what the policy means is shown by a call.
func ExampleProve() {
	other := *personalities
	other.Rules = other.Rules[1:] // personality 0 is no longer allowed
	filter, err := other.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	var c *proof.Counterexample
	if errors.As(proof.Prove(filter, personalities), &c) {
		fmt.Println(c.Call.Nr, c.Call.Args[0], c.Policy.Action, c.Filter)
	}
	// Output:
	// 135 0 ALLOW ERRNO(1)
}

// Two programs are compared over all inputs, and a difference is one of them.
func ExampleEqualPrograms() {
	p, err := bpf.Parse("ld [0]\njeq #135 jt 3 jf 2\nret #0x7fff0000\nret #0x50001")
	if err != nil {
		fmt.Println(err)
		return
	}
	q, err := bpf.Parse("ret #0x7fff0000")
	if err != nil {
		fmt.Println(err)
		return
	}
	witness, equal, err := proof.EqualPrograms(p, q)
	fmt.Println(equal, witness[0], err)
	// Output:
	// false 135 <nil>
}
