// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
)

// TestFlatten: a flat profile resolves to the same policy, with the same origins, and
// so does what is written and read again as oci.
func TestFlatten(t *testing.T) {
	compared := 0
	for folder, dialect := range map[string]Dialect{"docker": Docker, "containers-common": Podman, "oci": OCI} {
		for _, file := range shared.Glob(t, "data/profiles/"+folder+"/*.json") {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			p, err := Parse(text, In(dialect), File(filepath.Base(file)))
			if err != nil {
				continue // TestCorpus says which
			}
			for _, caps := range [][]string{nil, DockerCaps(), {"CAP_SYS_ADMIN", "CAP_BPF"}} {
				for _, a := range []arch.Arch{arch.X86_64, arch.S390X, arch.ARM, arch.MIPS64} {
					target := Target{Arch: a, Kernel: arch.Newest, Caps: caps}
					want, _, err := p.Resolve(target)
					require.NoError(t, err)
					flat, err := p.Flatten(target)
					require.NoError(t, err)
					got, _, err := flat.Resolve(target)
					require.NoError(t, err)
					require.Equal(t, want, got, "%s on %v", file, a)

					doc, err := json.Marshal(flat)
					require.NoError(t, err)
					again, err := Parse(doc, In(OCI), Strict)
					require.NoError(t, err)
					got, _, err = again.Resolve(target)
					require.NoError(t, err)
					for i := range got.Rules {
						got.Rules[i].Origin = want.Rules[i].Origin
					}
					require.Equal(t, want, got, "%s on %v", file, a)
					compared++
				}
			}
		}
	}
	require.Greater(t, compared, 400)
}

func TestFlattenPlaces(t *testing.T) {
	p, err := Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [
{"names": ["read"], "action": "SCMP_ACT_ALLOW", "includes": {"arches": ["arm"]}},
{"names": ["raed"], "action": "SCMP_ACT_ALLOW", "comment": "x"}]}`), File("f"))
	require.NoError(t, err)
	flat, err := p.Flatten(linux)
	require.NoError(t, err)
	flat, err = flat.Flatten(linux)
	require.NoError(t, err)
	_, diags, err := flat.Resolve(linux)
	require.NoError(t, err)
	require.Len(t, diags, 1)
	assert.Equal(t, `f:3:12: syscalls[1].names[0]: warning: unknown system call "raed", nearest is "read": it is skipped (unknown-syscall)`, diags[0].String())
	assert.Equal(t, "x", p.Syscalls[1].Comment, "the profile itself is as before")
}

func TestFlattenRefuses(t *testing.T) {
	for name, tt := range map[string]struct {
		doc    string
		d      Dialect
		target Target
		want   string
		kind   error
	}{
		"no ABI":           {withTop(""), Docker, Target{}, "the target's ABI Arch(0) is unknown", ErrTarget},
		"no kernel":        {withRule(`, "includes": {"minKernel": "4.8"}`), Docker, Target{Arch: arch.X86_64}, "syscalls[0].includes.minKernel asks for the target's kernel, which is not given", ErrTarget},
		"a name and names": {withRule(`, "name": "x"`), Podman, linux, "1:106: syscalls[0].name: the rule has both name and names, want one of them", ErrProfile},
	} {
		p, err := Parse([]byte(tt.doc), In(tt.d))
		require.NoError(t, err, name)
		_, err = p.Flatten(tt.target)
		require.EqualError(t, err, tt.want, name)
		assert.ErrorIs(t, err, tt.kind, name)
	}
	_, err := (&Profile{DefaultAction: "x"}).Flatten(linux)
	assert.ErrorIs(t, err, ErrProfile)
	assert.ErrorIs(t, (&Profile{DefaultAction: "x"}).Validate(), ErrProfile)
	assert.NoError(t, (&Profile{DefaultAction: "SCMP_ACT_KILL"}).Validate())
}
