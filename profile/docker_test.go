// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/seccomp"
)

func TestDockerDefault(t *testing.T) {
	p := DockerDefault()
	require.Empty(t, p.Warnings)
	policy, diags, err := p.Resolve(linux)
	require.NoError(t, err)
	for _, d := range diags {
		assert.Equal(t, Info, d.Severity, d)
	}
	assert.Equal(t, []arch.Arch{arch.X86_64, arch.X86, arch.X32}, policy.Arches)
	for name, tt := range map[string]struct {
		call seccomp.Call
		want seccomp.Action
	}{
		"read":              {documents.Call(arch.X86_64, "read"), seccomp.Allow},
		"mount":             {documents.Call(arch.X86_64, "mount"), eperm_},
		"unshare":           {documents.Call(arch.X86_64, "unshare"), eperm_},
		"clone of a thread": {documents.Call(arch.X86_64, "clone", 0x100), seccomp.Allow},
		"clone of a user":   {documents.Call(arch.X86_64, "clone", 0x10000000), eperm_},
		"clone3":            {documents.Call(arch.X86_64, "clone3"), enosys38},
		"personality(0)":    {documents.Call(arch.X86_64, "personality", 0), seccomp.Allow},
		"personality(1)":    {documents.Call(arch.X86_64, "personality", 1), eperm_},
		"AF_INET":           {documents.Call(arch.X86_64, "socket", 2), seccomp.Allow},
		"AF_ALG":            {documents.Call(arch.X86_64, "socket", 38), eperm_},
		"AF_VSOCK":          {documents.Call(arch.X86_64, "socket", 40), eperm_},
		"ptrace":            {documents.Call(arch.X86_64, "ptrace"), seccomp.Allow}, // since 4.8
		"chroot":            {documents.Call(arch.X86_64, "chroot"), seccomp.Allow}, // CAP_SYS_CHROOT
		"bpf":               {documents.Call(arch.X86_64, "bpf"), eperm_},
		"a new call":        {seccomp.Call{Audit: arch.X86_64.Audit(), Nr: 999}, enosys38},
		"read on x32":       {documents.Call(arch.X32, "read"), seccomp.Allow},
		"mount on i386":     {documents.Call(arch.X86, "mount"), eperm_},
		"arm":               {documents.Call(arch.ARM, "read"), seccomp.KillThread},
	} {
		assert.Equal(t, tt.want, policy.Evaluate(&tt.call), name)
	}

	admin := linux
	admin.Caps = append(DockerCaps(), "CAP_SYS_ADMIN")
	policy, _, err = p.Resolve(admin)
	require.NoError(t, err)
	for _, name := range []string{"mount", "unshare", "clone", "clone3", "bpf"} {
		c := documents.Call(arch.X86_64, name, 0x10000000)
		assert.Equal(t, seccomp.Allow, policy.Evaluate(&c), name)
	}

	old := linux
	old.Kernel = 4<<8 | 7
	policy, _, err = p.Resolve(old)
	require.NoError(t, err)
	c := documents.Call(arch.X86_64, "ptrace")
	assert.Equal(t, eperm_, policy.Evaluate(&c))
}

// TestDockerDefaultEverywhere: it resolves for every ABI, without a warning.
func TestDockerDefaultEverywhere(t *testing.T) {
	p := DockerDefault()
	require.NotEmpty(t, arch.All())
	for _, a := range arch.All() {
		policy, _, err := p.Resolve(on(a), Strict)
		require.NoError(t, err, a)
		require.NoError(t, policy.Validate(), a)
		c := documents.Call(a, "openat")
		assert.Equal(t, seccomp.Allow, policy.Evaluate(&c), a)
	}
}

func TestDockerCaps(t *testing.T) {
	caps := DockerCaps()
	assert.Len(t, caps, 14)
	for _, c := range caps {
		assert.Contains(t, capNames, c)
	}
	caps[0] = ""
	assert.NotEqual(t, caps, DockerCaps(), "the list is everyone's own")
	assert.Len(t, capNames, 41)
}
