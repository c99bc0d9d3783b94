// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/binary"
	"os"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCurrent: the files are what compiling makes of the profile, and they decide
// every call as it means. If not: go generate ./examples/precompiled.
func TestCurrent(t *testing.T) {
	doc, err := os.ReadFile("profile.json")
	require.NoError(t, err)
	p, err := profile.Parse(doc, profile.File("profile.json"), profile.Strict)
	require.NoError(t, err)
	for _, tt := range []struct {
		file  string
		arch  arch.Arch
		order binary.ByteOrder
	}{
		{"amd64.bpf", arch.X86_64, binary.LittleEndian},
		{"arm64.bpf", arch.AArch64, binary.LittleEndian},
		{"s390x.bpf", arch.S390X, binary.BigEndian},
	} {
		policy, _, err := p.Resolve(profile.Target{Arch: tt.arch, Kernel: 6<<8 | 18, Caps: profile.DockerCaps()})
		require.NoError(t, err)
		filter, err := policy.Compile()
		require.NoError(t, err)
		require.Len(t, filter, 1)
		kept, err := os.ReadFile(tt.file)
		require.NoError(t, err)
		assert.Equal(t, filter[0].AppendBinary(nil, tt.order), kept, "%s: run go generate", tt.file)

		program, err := bpf.Decode(kept, tt.order)
		require.NoError(t, err)
		require.NoError(t, program.Check())
		assert.NoError(t, proof.Prove(seccomp.Filter{program}, policy), tt.file)
	}
}

// TestEmbedded: the bytes in the program are those of its own machine.
func TestEmbedded(t *testing.T) {
	filter, err := embedded()
	if raw == nil {
		assert.Error(t, err)
		return
	}
	require.NoError(t, err)
	native := arch.Native()
	nr, ok := native.Number("unshare")
	require.True(t, ok)
	assert.Equal(t, seccomp.Errno(1), filter.Run(&seccomp.Call{Audit: native.Audit(), Nr: nr}))
}
