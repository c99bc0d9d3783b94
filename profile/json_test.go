// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/gosieve/sieve/seccomp"
)

// TestMarshalJSON writes real profiles and reads them back: nothing of their meaning
// is lost, for hosts with few capabilities and with many.
func TestMarshalJSON(t *testing.T) {
	files := shared.Glob(t, "data/profiles/docker/*.json")
	compared := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		p, err := Parse(text)
		if err != nil {
			continue // TestCorpus says which
		}
		doc, err := json.Marshal(p)
		require.NoError(t, err)
		again, err := Parse(doc)
		require.NoError(t, err, "%s", doc)
		for _, caps := range [][]string{nil, DockerCaps(), {"CAP_SYS_ADMIN", "CAP_SYS_TIME"}} {
			for _, a := range []arch.Arch{arch.X86_64, arch.S390X, arch.ARM} {
				target := Target{Arch: a, Kernel: arch.Newest, Caps: caps}
				want, _, err := p.Resolve(target)
				require.NoError(t, err)
				got, _, err := again.Resolve(target)
				require.NoError(t, err)
				for i := range want.Rules {
					want.Rules[i].Origin = seccomp.Origin{}
				}
				for i := range got.Rules {
					got.Rules[i].Origin = seccomp.Origin{}
				}
				assert.Equal(t, want, got, file)
				compared++
			}
		}
	}
	assert.Greater(t, compared, 150)
}

func TestMarshalFlags(t *testing.T) {
	for _, flags := range [][]string{nil, {}, {"SECCOMP_FILTER_FLAG_LOG"}} {
		doc, err := json.Marshal(&Profile{DefaultAction: "SCMP_ACT_ALLOW", Flags: flags, ListenerPath: "/a<b"})
		require.NoError(t, err)
		p, err := Parse(doc)
		require.NoError(t, err)
		assert.Equal(t, flags, p.Flags, "%s", doc)
		assert.Equal(t, "/a<b", p.ListenerPath)
	}
}
