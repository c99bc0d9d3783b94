// SPDX-License-Identifier: Apache-2.0

package oci

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	specs "github.com/opencontainers/runtime-spec/specs-go"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/profile"
)

// FuzzFrom: whatever Go's reader makes a LinuxSeccomp of, as a runtime's does, is
// refused with a reason and a path, or is a profile that To gives back as it was.
func FuzzFrom(f *testing.F) {
	for _, s := range []string{"null", "{}", `{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "flags": [], "listenerMetadata": "x"}`,
		`{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86"], "syscalls": [{"names": ["read"], "action": "SCMP_ACT_ERRNO", "errnoRet": 65536,
		"args": [{"index": 6, "value": 18446744073709551615, "valueTwo": 1, "op": "SCMP_CMP_MASKED_EQ"}]}, {"names": null, "action": "SCMP_ACT_TRACE"}]}`} {
		f.Add([]byte(s))
	}
	for _, folder := range []string{"oci", "docker"} {
		files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles", folder, "*.json"))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				f.Add(text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s *specs.LinuxSeccomp
		if json.Unmarshal(text, &s) != nil {
			return
		}
		p, err := From(s)
		if err != nil {
			var e *profile.Error
			require.ErrorAs(t, err, &e)
			require.NotEmpty(t, e.Message)
			require.NotEmpty(t, codes.Of(e.Code).Meaning, e.Code)
			return
		}
		again, err := To(p)
		require.NoError(t, err)
		require.Equal(t, s, again)
		if policy, _, err := p.Resolve(profile.Target{Arch: arch.X86_64}); err == nil {
			require.NoError(t, policy.Validate())
		}
	})
}
