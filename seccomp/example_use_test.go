// SPDX-License-Identifier: Apache-2.0

package seccomp_test

import (
	"encoding/binary"
	"fmt"
	"os"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// A program confines itself by a policy that is written in Go. The filter is for good,
// which is why the example is not run: examples/confine is, by its test.
func Example_confine() {
	policy := &seccomp.Policy{
		Arches:  []arch.Arch{arch.Native()},
		Rules:   []seccomp.Rule{{Syscalls: []string{"execve", "execveat", "ptrace"}, Action: seccomp.Errno(1)}},
		Default: seccomp.Allow,
		BadArch: seccomp.KillProcess,
	}
	filter, err := policy.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := filter.InstallSelf(0); err != nil {
		fmt.Println(err)
	}
}

// A filter was compiled ahead of time, with `sieve compile --format raw`, and a program
// embeds it (go:embed; the example reads the file). A program for several machines embeds
// one for each, in the machine's byte order: see examples/precompiled.
func Example_precompiled() {
	raw, err := os.ReadFile("../examples/precompiled/amd64.bpf")
	if err != nil {
		fmt.Println(err)
		return
	}
	program, err := bpf.Decode(raw, binary.LittleEndian)
	if err != nil {
		fmt.Println(err)
		return
	}
	filter := seccomp.Filter{program}
	nr, _ := arch.X86_64.Number("unshare")
	fmt.Println(filter.Run(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}))
	// Output:
	// ERRNO(1)
}
