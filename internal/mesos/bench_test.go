// SPDX-License-Identifier: Apache-2.0

package mesos

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp/proof"
)

// BenchmarkLaunch is what an agent does for one launch with the default profile of
// Mesos' documentation (15 KB): read the file, compile the filter, prove it.
func BenchmarkLaunch(b *testing.B) {
	dir := filepath.Join(shared.Dir(b), "data/profiles/mesos")
	name := "mesos-docs-seccomp_default.json"
	agent, err := Agent{ConfigDir: dir, Native: arch.X86_64}.Start()
	require.NoError(b, err)
	target := profile.Target{Arch: arch.X86_64, Caps: profile.DockerCaps()}
	launch, err := agent.Prepare(&SeccompInfo{ProfileName: &name})
	require.NoError(b, err)
	policy, _, err := launch.Policy(target)
	require.NoError(b, err)
	filter, err := policy.Compile()
	require.NoError(b, err)
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			_, err = agent.Prepare(&SeccompInfo{ProfileName: &name})
		}
		require.NoError(b, err)
	})
	b.Run("resolve", func(b *testing.B) {
		for b.Loop() {
			_, _, err = launch.Policy(target)
		}
		require.NoError(b, err)
	})
	b.Run("compile", func(b *testing.B) {
		for b.Loop() {
			_, err = policy.Compile()
		}
		require.NoError(b, err)
	})
	b.Run("prove", func(b *testing.B) {
		for b.Loop() {
			err = proof.Prove(filter, policy)
		}
		require.NoError(b, err)
	})
}
