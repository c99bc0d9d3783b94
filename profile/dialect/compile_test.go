// SPDX-License-Identifier: Apache-2.0

package dialect_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/dialect"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestCompile: the filter is proved equal to what Resolve says, in every dialect alike.
func TestCompile(t *testing.T) {
	target := profile.Target{Arch: arch.X86_64, Kernel: arch.Newest, Caps: profile.DockerCaps()}
	for name, doc := range map[string]string{
		"docker":   `{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["chroot"], "action": "SCMP_ACT_ALLOW", "includes": {"caps": ["CAP_SYS_CHROOT"]}}]}`,
		"minijail": "read: 1\nwrite: arg0 == 1",
		"systemd":  "[Service]\nSystemCallFilter=@system-service\n",
	} {
		d, err := dialect.Parse([]byte(doc), profile.In(profile.Dialect(name)))
		require.NoError(t, err, name)
		filter, err := d.Compile(target)
		require.NoError(t, err, name)
		policy, _, err := d.Resolve(target)
		require.NoError(t, err, name)
		assert.NoError(t, proof.Prove(filter, policy), name)
	}
}

func TestCompileErrors(t *testing.T) {
	d, err := dialect.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["raed"], "action": "SCMP_ACT_ALLOW"}]}`))
	require.NoError(t, err)
	_, err = d.Compile(profile.Target{Arch: arch.X86_64})
	assert.NoError(t, err)
	_, err = d.Compile(profile.Target{Arch: arch.X86_64}, profile.Strict)
	assert.ErrorContains(t, err, `unknown system call "raed"`)
	_, err = d.Compile(profile.Target{Arch: arch.Arch(200)})
	assert.ErrorIs(t, err, profile.ErrTarget)
	_, err = (*dialect.Document)(nil).Compile(profile.Target{Arch: arch.X86_64})
	assert.ErrorIs(t, err, profile.ErrProfile)
}
