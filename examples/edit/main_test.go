// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/oci"
	"github.com/gosieve/sieve/seccomp"
)

// TestWithout: the calls are denied, and all others are decided as before.
func TestWithout(t *testing.T) {
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	held, err := without([]string{"mkdir", "mkdirat"}, target)
	require.NoError(t, err)
	assert.Equal(t, specs.ActErrno, held.DefaultAction)
	p, err := oci.From(held)
	require.NoError(t, err)
	edited, _, err := p.Resolve(target)
	require.NoError(t, err)
	docker, _, err := profile.DockerDefault().Resolve(target)
	require.NoError(t, err)

	denied := 0
	for nr, name := range arch.X86_64.Calls() {
		c := &seccomp.Call{Audit: arch.X86_64.Audit(), Nr: nr}
		want := docker.Evaluate(c)
		if name == "mkdir" || name == "mkdirat" {
			require.Equal(t, seccomp.Allow, want)
			want = seccomp.Errno(1)
			denied++
		}
		require.Equal(t, want, edited.Evaluate(c), name)
	}
	assert.Equal(t, 2, denied)
}
