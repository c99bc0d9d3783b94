// SPDX-License-Identifier: Apache-2.0

package oci_test

import (
	"context"
	"errors"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/baseline"
	"github.com/gosieve/sieve/profile/oci"
)

// TestBaseline: a runtime that holds *specs.LinuxSeccomp has it held to the node's profile,
// and gets the intersection as one.
func TestBaseline(t *testing.T) {
	host := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	node := baseline.Baseline{Document: profile.DockerDefault(), Targets: []profile.Target{host}}
	artifact := &specs.LinuxSeccomp{DefaultAction: specs.ActErrno, Architectures: []specs.Arch{specs.ArchX86_64},
		Syscalls: []specs.LinuxSyscall{{Names: []string{"read", "socket"}, Action: specs.ActAllow}, {Names: []string{"bpf"}, Action: specs.ActLog}}}
	p, err := oci.From(artifact)
	require.NoError(t, err)
	var looser *baseline.LooserError
	require.ErrorAs(t, node.Check(context.Background(), p), &looser)
	require.Equal(t, []string{"socket"}, looser.Findings[0].Set.Names)
	require.Equal(t, "syscalls[0]", looser.Findings[0].Artifact.String())
	both, err := node.Intersect(context.Background(), host, p)
	require.NoError(t, err)
	p, err = both.Profile()
	require.NoError(t, err)
	require.NoError(t, node.Check(context.Background(), p))
	spec, err := oci.To(p)
	require.NoError(t, err)
	require.Equal(t, specs.ActErrno, spec.DefaultAction)
	again, err := oci.From(spec)
	require.NoError(t, err)
	require.NoError(t, node.Check(context.Background(), again))

	artifact.ListenerPath = "/run/agent.sock"
	p, err = oci.From(artifact)
	require.NoError(t, err)
	var refused *profile.Error
	require.True(t, errors.As(node.Check(context.Background(), p), &refused))
	require.Equal(t, profile.Code("artifact-listener"), refused.Code)
}
