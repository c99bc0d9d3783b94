// SPDX-License-Identifier: Apache-2.0

package grant_test

import (
	"fmt"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
	"github.com/gosieve/sieve/seccomp"
)

// What would let a container set the clock under Docker's profile?
func ExampleChanges() {
	nr, _ := arch.X86_64.Number("settimeofday")
	call := seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	changes, err := grant.Changes(profile.DockerDefault(), target, call)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range changes {
		fmt.Println(c.Kind, "-", c.Text)
	}
	// Output:
	// add-rule - add a rule for settimeofday
	// grant-capability - grant CAP_SYS_TIME
}
