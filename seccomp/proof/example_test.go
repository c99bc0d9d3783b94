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

// A policy that lets more through than a baseline is shown by a set of calls.
func ExampleAtMost() {
	relaxed := *personalities
	relaxed.Rules = relaxed.Rules[:2] // any personality is allowed
	var looser *proof.LooserError
	if errors.As(proof.AtMost(proof.Of(&relaxed), proof.Of(personalities)), &looser) {
		fmt.Println(looser.Set.Names, looser.Set.Where, looser.Set.A, looser.Set.B)
	}
	fmt.Println(proof.AtMost(proof.Of(personalities), proof.Of(&relaxed)))
	// Output:
	// [personality] [argument 0 = 0x1..0x7 or = 0x9..0xffffffff] ALLOW ERRNO(1)
	// <nil>
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

// Compile is what a launcher calls: the filter that it returns is proved.
func ExampleCompile() {
	filter, err := proof.Compile(personalities)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(filter), "program,", "proved again:", proof.Prove(filter, personalities) == nil)
	// Output:
	// 1 program, proved again: true
}

// Every call that two policies decide differently is in one of the sets.
func ExampleDiff() {
	other := *personalities
	other.Rules = other.Rules[1:] // personality 0 is no longer allowed
	for d, err := range proof.Diff(proof.Of(personalities), proof.Of(&other)) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(d)
		fmt.Println(d.Names, d.A, d.B, d.Call.Args[0])
	}
	// Output:
	// x86_64 personality (135), argument 0 = 0x0: ALLOW, ERRNO(1)
	// [personality] ALLOW ERRNO(1) 0
}

// A policy is found for a filter, whoever made it, and proved to be equal to it.
func ExampleDecompile() {
	filter, err := personalities.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := proof.Decompile(filter)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Arches, p.Default, len(p.Rules) > 0, proof.Prove(filter, p) == nil)
	// Output:
	// [x86_64] ALLOW true true
}

// allowing is a policy that allows the calls with those names and denies all others.
func allowing(names ...string) *seccomp.Policy {
	return &seccomp.Policy{
		Arches:  []arch.Arch{arch.X86_64},
		Rules:   []seccomp.Rule{{Syscalls: names, Action: seccomp.Allow}},
		Default: seccomp.Errno(1),
	}
}

func ExampleUnion() {
	p, err := proof.Union(allowing("read", "close"), allowing("read", "write"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Rules[0].Syscalls, p.Default)
	// Output:
	// [read write close] ERRNO(1)
}

func ExampleIntersect() {
	p, err := proof.Intersect(allowing("read", "close"), allowing("read", "write"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Rules[0].Syscalls, p.Default)
	// Output:
	// [read] ERRNO(1)
}

func ExampleSubtract() {
	p, err := proof.Subtract(allowing("read", "close"), allowing("read", "write"), seccomp.Trap(0))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range p.Rules {
		fmt.Println(r.Syscalls, r.Action)
	}
	// Output:
	// [read] TRAP(0)
	// [close] ALLOW
}
