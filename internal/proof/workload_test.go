// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/boundary"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

// TestWorkloads holds programs to Evaluate at the numbers -1 to 600 of every ABI,
// x32's among them, and at every constant of the policy and its neighbours in
// both halves. A proof says more; this says it with less machinery.
func TestWorkloads(t *testing.T) {
	numbers := boundary.Uniform(-1, 600)
	for _, nr := range boundary.Uniform(0, 600) {
		numbers = append(numbers, arch.X32.Base()|nr)
	}
	for _, file := range shared.Glob(t, "data/workloads/*.json") {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := profile.Parse(text, profile.In(profile.OCI))
			require.NoError(t, err)
			policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}, profile.ENOSYSOff)
			require.NoError(t, err)
			for _, goal := range []seccomp.Option{nil, seccomp.FewestInstructions(), seccomp.ShortestPaths()} {
				filter, err := policy.Compile(goal)
				require.NoError(t, err)
				require.NoError(t, proof.Prove(filter, policy))
				calls := 0
				for c := range boundary.Calls(policy, numbers...) {
					calls++
					if goal == nil || calls%16 == 0 {
						if got, want := filter.Run(c), policy.Evaluate(c); got != want {
							t.Fatalf("%+v: filter %v, policy %v", *c, got, want)
						}
					}
				}
				require.Greater(t, calls, 5000)
			}
		})
	}
}
