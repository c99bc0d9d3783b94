// SPDX-License-Identifier: Apache-2.0

package features_test

import (
	"fmt"
	"slices"

	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/features"
)

// A launcher that wants a supervisor asks for the flag which keeps signals from
// interrupting it, if the kernel has that. What is printed depends on the kernel, which
// is why the example is not run.
func ExampleFlags() {
	flags := features.Flags() & seccomp.WaitKillable
	fmt.Println(flags, slices.Contains(features.Actions(), seccomp.Notify))
}

// A report says what else the kernel has.
func ExampleProbe() {
	kernel, err := features.Probe()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(kernel.Release, kernel.JIT, kernel.Notify.AddFD == features.Yes)
}
