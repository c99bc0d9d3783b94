// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/require"
)

var targets = []arch.Arch{arch.X86_64, arch.AArch64, arch.RISCV64, arch.S390X, arch.PPC64LE, arch.MIPS64, arch.ARM, arch.X86}

// TestCorpus proves the filters of the profiles that people use, for the machines
// that they are likely to have, and decompiles each: the policy found is proved, and
// the filter that it compiles to is equal to the first. Profiles that package profile
// refuses are its own tests' matter.
func TestCorpus(t *testing.T) {
	proved, instructions := 0, 0
	for _, folder := range []struct {
		pattern string
		dialect profile.Dialect
	}{
		{"data/profiles/docker/*.json", profile.Docker},
		{"data/profiles/oci/*.json", profile.OCI},
		{"data/profiles/k8s/*.json", profile.OCI},
		{"data/workloads/*.json", profile.OCI},
	} {
		for _, file := range shared.Glob(t, folder.pattern) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			name := filepath.Base(file)
			p, err := profile.Parse(text, profile.File(name), profile.In(folder.dialect))
			if errors.Is(err, profile.ErrProfile) {
				continue
			}
			require.NoError(t, err)
			for _, a := range targets {
				policy, _, err := p.Resolve(profile.Target{Arch: a, Kernel: arch.Newest, Caps: profile.DockerCaps()})
				require.NoError(t, err, "%s for %v", name, a)
				filter, err := policy.Compile()
				require.NoError(t, err, "%s for %v", name, a)
				require.NoError(t, proof.Prove(filter, policy), "%s for %v", name, a)
				roundTrip(t, name, a, filter)
				proved++
				for _, program := range filter {
					instructions += len(program)
				}
			}
		}
	}
	t.Logf("%d filters of %d instructions proved", proved, instructions)
	require.Greater(t, proved, 300)
}

// roundTrip decompiles a filter and compiles what comes out.
func roundTrip(t *testing.T, name string, a arch.Arch, filter seccomp.Filter) {
	policy, err := proof.Decompile(filter)
	require.NoError(t, err, "%s for %v", name, a)
	again, err := policy.Compile()
	require.NoError(t, err, "%s for %v", name, a)
	require.NoError(t, proof.Prove(again, policy), "%s for %v", name, a)
	for d, err := range proof.Diff(proof.Of(filter), proof.Of(again)) {
		require.NoError(t, err)
		t.Fatalf("%s for %v: %v", name, a, d)
	}
	if len(filter) == 1 && len(again) == 1 {
		_, same, err := proof.EqualPrograms(filter[0], again[0])
		require.NoError(t, err)
		require.True(t, same, "%s for %v", name, a)
	}
}
