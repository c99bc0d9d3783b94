// SPDX-License-Identifier: Apache-2.0

package launch_test

import (
	"errors"
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/launch"
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

// A child runs under the filter, and the launcher stays free. It needs Linux, which
// is why the example is not run.
func ExampleCommand() {
	filter, err := personalities.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	cmd := launch.Command(filter, "sh", "-c", "setarch i386 true")
	cmd.Supervise = personalities // for Denials
	err = cmd.Run()
	var start *launch.StartError
	if errors.As(err, &start) {
		fmt.Println("it never ran:", start.Stage, start.Err)
		return
	}
	for _, d := range cmd.Denials() {
		fmt.Println(d.Count, d.Name, d.Args, d.Decision.Action)
	}
}
