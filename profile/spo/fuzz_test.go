// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	family "github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/profile"
)

// FuzzParse: any bytes are refused with a reason and a place, or make profiles that
// resolve or are refused in the same way; what is written of them is read again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"", "---\n", "kind: Pod", object("x", "defaultAction: SCMP_ACT_ALLOW"), object("x", rules("- {names: &a [read], action: SCMP_ACT_ALLOW}\n- {names: *a, action: SCMP_ACT_LOG, args: [{index: 0, op: SCMP_CMP_LE, value: 0x10}]}")),
		"kind: List\nitems:\n- kind: List", object("b", rules("- {names: [read], action: SCMP_ACT_ALLOW}")) + "---\n" + object("a", "baseProfileName: b\n"+rules("- {names: [read, write], action: SCMP_ACT_LOG}")),
		"? - a\n: !!binary x\n<<: *y\n", `{"apiVersion": "security-profiles-operator.x-k8s.io/v1", "kind": "SeccompProfile", "spec": {"defaultAction": "SCMP_ACT_ERRNO"}}`,
	} {
		f.Add([]byte(s), false)
	}
	for _, pattern := range []string{"spo/*", "k8s/*"} {
		files, _ := filepath.Glob(filepath.Join(os.Getenv("SIEVE_SHARED"), "data/profiles", pattern))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil {
				f.Add(text, true)
			}
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, strict bool) {
		opts := []profile.ParseOption{profile.File("f"), profile.Limits(1<<16, 50)}
		if strict {
			opts = append(opts, profile.Strict)
		}
		list, err := All(text, opts...)
		if err != nil {
			checkError(t, text, err)
			return
		}
		if _, err := Parse(text, opts...); err != nil {
			checkError(t, text, err)
		}
		for _, p := range list {
			policy, diags, err := p.Resolve(profile.Target{Arch: arch.X86_64})
			for _, d := range diags {
				require.NotEmpty(t, family.Of(d.Code).Meaning+dialect.Meaning(d.Code), d.Code)
			}
			if err != nil {
				checkError(t, text, err)
			} else {
				require.NoError(t, policy.Validate())
			}
			if u, err := p.Unite(among(list...)); err == nil {
				_, _, _ = u.Resolve(profile.Target{Arch: arch.X86_64})
			} else {
				checkError(t, text, err)
			}
			doc, err := manifestOf("x", p.Seccomp)
			if err != nil {
				require.ErrorAs(t, err, new(*profile.UnsayableError))
				continue
			}
			again, err := Parse(doc, profile.Strict)
			require.NoError(t, err, "%s", doc)
			require.Equal(t, p.Seccomp.ListenerMetadata, again.Seccomp.ListenerMetadata)
		}
	})
}

// checkError wants an error with a reason, and a place in the text if it has one.
func checkError(t *testing.T, text []byte, err error) {
	var e *profile.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Message)
	require.NotEmpty(t, family.Of(e.Code).Meaning+dialect.Meaning(e.Code), e.Code)
	require.True(t, errors.Is(err, profile.ErrSyntax) || errors.Is(err, profile.ErrProfile) || errors.Is(err, profile.ErrLimit), err)
	require.LessOrEqual(t, e.Place.Column, len(text)+1)
	require.LessOrEqual(t, e.Place.Line, len(text)+2)
}
