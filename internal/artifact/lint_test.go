// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/profile"
)

// TestLint has a document for each code that is refused in an artifact alone.
func TestLint(t *testing.T) {
	tests := map[profile.Code]string{
		"errno-4095":      `"defaultErrnoRet": 4095`,
		"no-names":        `"syscalls": [{"names": [], "action": "SCMP_ACT_ALLOW"}]`,
		"shadowed-rule":   `"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["read"], "action": "SCMP_ACT_LOG", "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]}]`,
		"unknown-key":     `"comment": "who wrote it"`,
		"unknown-syscall": `"syscalls": [{"names": ["raed"], "action": "SCMP_ACT_ALLOW"}]`,
		"unused-errno":    `"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1}]`,
	}
	require.Len(t, tests, len(refused))
	lint := func(members string) (severities []profile.Severity, find func(profile.Code) int) {
		p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", `+members+`}`), profile.In(profile.OCI))
		require.NoError(t, err)
		_, list, err := p.Resolve(profile.Target{Arch: arch.X86_64, Kernel: arch.Newest})
		require.NoError(t, err, "a node takes it")
		before := slices.Clone(list)
		all := Lint(p, func() []profile.Diagnostic { return list })
		require.Equal(t, before, list)
		for _, d := range all {
			severities = append(severities, d.Severity)
		}
		return severities, func(c profile.Code) int {
			return slices.IndexFunc(all, func(d profile.Diagnostic) bool { return d.Code == c })
		}
	}
	for code, members := range tests {
		t.Run(string(code), func(t *testing.T) {
			severities, find := lint(members)
			require.GreaterOrEqual(t, find(code), 0, "%v", severities)
			require.Equal(t, profile.Failure, severities[find(code)])
		})
	}
	severities, find := lint(`"syscalls": [{"names": ["read"], "action": "SCMP_ACT_ALLOW"}, {"names": ["read"], "action": "SCMP_ACT_ALLOW"}]`)
	require.Equal(t, profile.Info, severities[find("shadowed-rule")])
	severities, find = lint(`"listenerPath": "/a"`)
	require.Equal(t, profile.Failure, severities[find("artifact-listener")])
}

// TestLintTooMany: a document that stands for too many rules is not resolved.
func TestLintTooMany(t *testing.T) {
	rule := `{"names": ["read"], "action": "SCMP_ACT_NOTIFY"},`
	p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "x": 1, "syscalls": [`+strings.TrimSuffix(strings.Repeat(rule, 200), ",")+`]}`), profile.In(profile.OCI))
	require.NoError(t, err)
	all := Lint(p, func() []profile.Diagnostic { t.Error("resolved"); return nil })
	require.True(t, TooMany(all), "whatever else is found first")
	require.Equal(t, profile.Code("unknown-key"), all[0].Code)
	require.False(t, TooMany(nil))
}

func TestTooLarge(t *testing.T) {
	require.Equal(t, "a.json:1:1: warning: the document has 1048577 bytes, and runtimes take at most 1048576 of an artifact (artifact-size)",
		TooLarge("a.json", 1<<20+1, Default()).String())
}
