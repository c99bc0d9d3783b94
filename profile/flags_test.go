// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/seccomp"
)

func TestInstallFlags(t *testing.T) {
	const before, since = seccomp.TSync | seccomp.LogAll, seccomp.TSync | seccomp.LogAll | seccomp.SpecAllow
	for name, tt := range map[string]struct {
		flags  string
		kernel seccomp.Flags
		want   seccomp.Flags
	}{
		"none said":                {"", since, seccomp.SpecAllow},
		"none said, older kernel":  {"", before, 0},
		"null":                     {`, "flags": null`, since, seccomp.SpecAllow},
		"none wanted":              {`, "flags": []`, since, 0},
		"as they stand":            {`, "flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"]`, since, seccomp.LogAll},
		"TSYNC alone":              {`, "flags": ["SECCOMP_FILTER_FLAG_TSYNC"]`, since, 0},
		"whatever the kernel":      {`, "flags": ["SECCOMP_FILTER_FLAG_SPEC_ALLOW"]`, before, seccomp.SpecAllow},
		"for a listener's manners": {`, "flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]`, since, seccomp.WaitKillable},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(withTop(tt.flags)))
			require.NoError(t, err)
			assert.Equal(t, tt.want, p.InstallFlags(tt.kernel))
		})
	}
}
