// SPDX-License-Identifier: Apache-2.0

package dialect_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
)

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
	text, _, err := c.Convert(d, profile.ENOSYSOff())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(text))
	// Output:
	// read: 1
	// exit: 1
}
