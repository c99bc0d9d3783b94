// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/seccomp"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestX32Alone: 0xffffffff is x86_64's number, also where x32 is listed alone. Package
// bench holds libseccomp to its answer, and to those of the other tests here.
func TestX32Alone(t *testing.T) {
	document := documents.Docker("ERRNO", documents.Rule("read", "ALLOW"))
	for _, tt := range []struct {
		host arch.Arch
		want seccomp.Action
	}{{arch.X32, seccomp.KillThread}, {arch.X86_64, seccomp.Errno(1)}} {
		policy, _ := resolve(t, document, on(tt.host), ENOSYSOff)
		require.Equal(t, []arch.Arch{tt.host}, policy.Arches)
		c := seccomp.Call{Audit: tt.host.Audit(), Nr: 0xffffffff}
		assert.Equal(t, tt.want, policy.Evaluate(&c), "%v", tt.host)
		filter, err := proof.Compile(policy)
		require.NoError(t, err)
		assert.Equal(t, tt.want, filter.Run(&c), "%v", tt.host)
	}
}

// TestByteOrder: ABIs of both orders are compiled into one filter, and each is decided
// as its calls say.
func TestByteOrder(t *testing.T) {
	p, err := Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_S390X", "SCMP_ARCH_AARCH64"],
"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}]}`))
	require.NoError(t, err)
	policy, diags, err := p.Resolve(on(arch.X86_64), ENOSYSOff)
	require.NoError(t, err)
	found := 0
	for _, d := range diags {
		if d.Code == "byte-order" {
			found++
			assert.Equal(t, "1:54: info: runc refuses the list of architectures: the byte order of s390x is not that of x86_64 (byte-order)", d.String())
		}
	}
	assert.Equal(t, 1, found)
	filter, err := proof.Compile(policy)
	require.NoError(t, err)
	for _, a := range []arch.Arch{arch.X86_64, arch.S390X, arch.AArch64} {
		read, write := documents.Call(a, "read"), documents.Call(a, "write")
		assert.Equal(t, seccomp.Allow, filter.Run(&read), "%v", a)
		assert.Equal(t, seccomp.Errno(1), filter.Run(&write), "%v", a)
	}
}
