// SPDX-License-Identifier: Apache-2.0

package minijail_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/minijail"
	"github.com/gosieve/sieve/seccomp"
)

func ExampleParse() {
	p, err := minijail.Parse([]byte("mprotect: arg2 in ~PROT_EXEC; return EPERM"))
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64})
	if err != nil {
		fmt.Println(err)
		return
	}
	mprotect, _ := arch.X86_64.Number("mprotect")
	for _, prot := range []uint64{3, 4} { // read and write; execute
		fmt.Println(policy.Evaluate(&seccomp.Call{Audit: arch.X86_64.Audit(), Nr: mprotect, Args: [6]uint64{2: prot}}))
	}
	// Output:
	// ALLOW
	// ERRNO(1)
}
