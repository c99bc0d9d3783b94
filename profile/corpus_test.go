// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp/proof"
)

// TestCorpus resolves and compiles the profiles that people use, for every
// machine that they are likely to have. One is refused with reason: errno 12345
// in Docker's own example, which runc with libseccomp refuses too.
func TestCorpus(t *testing.T) {
	targets := []arch.Arch{arch.X86_64, arch.AArch64, arch.RISCV64, arch.S390X, arch.PPC64LE, arch.MIPS64, arch.ARM, arch.X86}
	refusals := map[string]string{
		"moby-profiles-example.json": "moby-profiles-example.json:30:25: syscalls[3].errnoRet: 12345 is too large for SCMP_ACT_ERRNO, want 0 to 4095",
	}
	resolved, refused := 0, 0
	for _, folder := range []struct {
		pattern string
		dialect Dialect
	}{
		{"data/profiles/docker/*.json", Docker},
		{"data/profiles/containers-common/*.json", Podman},
		{"data/profiles/oci/*.json", OCI}, // one is a whole config.json
		{"data/profiles/k8s/*.json", OCI},
		{"data/workloads/*.json", OCI},
	} {
		for _, file := range shared.Glob(t, folder.pattern) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			name := filepath.Base(file)
			p, err := Parse(text, File(name), In(folder.dialect))
			if want, ok := refusals[name]; ok {
				require.ErrorIs(t, err, ErrProfile)
				assert.True(t, strings.HasPrefix(err.Error(), want), err)
				refused++
				continue
			}
			require.NoError(t, err)
			for _, a := range targets {
				policy, diags, err := p.Resolve(on(a))
				require.NoError(t, err, "%s on %v", name, a)
				for _, d := range diags {
					assert.NotEmpty(t, codes.Of(d.Code).Meaning, d)
				}
				_, err = proof.Compile(policy)
				require.NoError(t, err, "%s on %v", name, a)
				resolved++
			}
		}
	}
	// 23 of docker, 6 of Podman, 8 of oci, 1 of k8s, 9 workloads.
	assert.Equal(t, (23+6+8+1+9-1)*len(targets), resolved)
	assert.Equal(t, 1, refused)
}

// TestMalformedCorpus: a file that someone committed with a stray letter.
func TestMalformedCorpus(t *testing.T) {
	text := shared.Read(t, "data/profiles/malformed/genuinetools-binctr-seccomp-leading-G.json")
	_, err := Parse(text, File("seccomp.json"))
	assert.EqualError(t, err, "seccomp.json:1:1: unexpected 'G', want an object")
	assert.ErrorIs(t, err, ErrSyntax)
}
