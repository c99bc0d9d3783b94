// SPDX-License-Identifier: Apache-2.0

package dialect_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// A check for a pipeline: do two files, in any dialects, mean the same? All calls are
// compared, for one machine and kernel.
func ExampleReadFile() {
	target := profile.Target{Arch: arch.X86_64, Kernel: 6<<8 | 18, Caps: profile.DockerCaps()}
	gate := func(files ...string) error {
		var policies [2]*seccomp.Policy
		for i, file := range files {
			document, err := dialect.ReadFile(file)
			if err != nil {
				return err
			}
			if policies[i], _, err = document.Resolve(target); err != nil {
				return err
			}
		}
		for difference, err := range proof.Diff(proof.Of(policies[0]), proof.Of(policies[1])) {
			if err != nil {
				return err
			}
			return fmt.Errorf("they differ: %v", difference)
		}
		return nil
	}
	fmt.Println(gate("../../internal/docker/data/docker-default.json", "../../examples/restrict/profile.json") == nil)
	fmt.Println(gate("../../internal/docker/data/docker-default.json", "../../internal/docker/data/docker-default.json"))
	// Output:
	// false
	// <nil>
}

func ExampleConversion_Convert() {
	doc := []byte(`{"defaultAction": "SCMP_ACT_KILL", "syscalls": [{"names": ["read", "exit"], "action": "SCMP_ACT_ALLOW"}]}`)
	d, err := dialect.Parse(doc, profile.File("profile.json"))
	if err != nil {
		fmt.Println(err)
		return
	}
	c := dialect.Conversion{
		To:     profile.Minijail,
		Target: profile.Target{Arch: arch.X86_64, Kernel: arch.Newest},
	}
	text, _, err := c.Convert(d, profile.ENOSYSOff)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// read: 1
	// exit: 1
}

func ExampleParse() {
	doc, err := dialect.Parse([]byte("read: 1\nopenat: arg2 == O_RDONLY; return EACCES\n"), profile.File("x.policy"))
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, _, err := doc.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Dialect(), policy.Default)
	// Output: minijail KILL_THREAD
}
