// SPDX-License-Identifier: Apache-2.0

package scmp_test

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/scmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDockerMachine: the names that goToNative of github.com/moby/profiles/seccomp has
// for hosts, by GOARCH, and the one filter name that is never a host.
func TestDockerMachine(t *testing.T) {
	want := map[string]string{
		"386": "x86", "amd64": "amd64", "arm": "arm", "arm64": "arm64", "loong64": "loongarch64",
		"mips64": "mips64", "mips64p32": "mips64n32", "mips64le": "mipsel64", "mips64p32le": "mips3l64n32",
		"mipsle": "mipsel", "ppc": "ppc", "ppc64": "ppc64", "ppc64le": "ppc64le", "riscv64": "riscv64",
		"s390": "s390", "s390x": "s390x",
	}
	for _, a := range arch.All() {
		if a == arch.X32 {
			assert.Equal(t, "x32", scmp.DockerMachine(a))
			continue
		}
		assert.Equal(t, want[a.GOARCH()], scmp.DockerMachine(a), "%v", a)
		if name := scmp.DockerMachine(a); name != "" {
			parsed, err := arch.Parse(name)
			require.NoError(t, err)
			assert.Equal(t, a, parsed, name)
		}
	}
	for _, a := range []arch.Arch{0, arch.RISCV32 + 1, 255} {
		assert.Empty(t, scmp.DockerMachine(a), "%v", a)
	}
}
