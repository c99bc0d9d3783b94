// SPDX-License-Identifier: Apache-2.0

package artifact

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/internal/codes"
	"github.com/gosieve/sieve/profile"
)

// TestCheck has each rule just kept and just broken, with the place.
func TestCheck(t *testing.T) {
	names := func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = fmt.Sprintf("%q", fmt.Sprintf("call%d", i))
		}
		return strings.Join(list, ",")
	}
	allow := func(names, rest string) string {
		return `{"names": [` + names + `], "action": "SCMP_ACT_ALLOW"` + rest + `}`
	}
	repeat := func(n int, rule string) string {
		return `"syscalls": [` + strings.TrimSuffix(strings.Repeat(rule+",", n), ",") + `]`
	}
	alone := func(n int) string {
		return `, "args": [` + strings.TrimSuffix(strings.Repeat(`{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"},`, n), ",") + `]`
	}
	tests := map[string]struct {
		members string
		want    []string
	}{
		"nothing":                      {`"flags": ["SECCOMP_FILTER_FLAG_LOG"], "architectures": ["SCMP_ARCH_X86"]`, nil},
		"a listener":                   {`"listenerPath": "/a"`, []string{"listenerPath artifact-listener"}},
		"its words":                    {`"listenerMetadata": "/a"`, []string{"listenerMetadata artifact-listener"}},
		"its flag":                     {`"flags": ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]`, []string{"flags[0] artifact-listener"}},
		"a flag twice":                 {`"flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_LOG"]`, []string{"flags[1] artifact-duplicate"}},
		"an ABI twice":                 {`"architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_ARM", "SCMP_ARCH_X86"]`, []string{"architectures[2] artifact-duplicate"}},
		"notifications":                {`"syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]`, []string{"syscalls[0].action artifact-notify"}},
		"as many entries as may be":    {repeat(128, allow(`"read"`, "")), nil},
		"an entry more":                {repeat(130, allow(`"read"`, "")), []string{"syscalls[128] artifact-entries"}},
		"a name twice is one entry":    {repeat(128, allow(`"read", "read"`, "")), nil},
		"as many conditions as may be": {repeat(1, allow(`"read"`, alone(256))), nil},
		"a condition more":             {repeat(1, allow(`"read"`, alone(257))), []string{"syscalls[0] artifact-entries"}},
		"as many names as may be":      {repeat(1, allow(names(1024), "")), nil},
		"a name more":                  {repeat(1, allow(names(1025), "")), []string{"syscalls[0].names artifact-names"}},
		"as many rules as may be":      {repeat(16, allow(names(1024), "")), nil},
		"rules beyond":                 {repeat(17, allow(names(1024), "")), []string{"syscalls[16] artifact-rules"}},
		"rules that stand alone":       {repeat(17, allow(names(500), alone(2))), []string{"syscalls[16] artifact-rules"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", `+tt.members+`}`), profile.In(profile.OCI))
			require.NoError(t, err)
			var got []string
			for _, d := range Check(p, Default()) {
				got = append(got, d.Place.Path+" "+string(d.Code))
				require.Equal(t, 1, d.Place.Line)
				require.NotZero(t, d.Place.Column)
				require.Equal(t, profile.Failure, d.Severity)
				require.NotEmpty(t, codes.Of(string(d.Code)).Meaning)
			}
			require.Equal(t, tt.want, got)
		})
	}
	require.Empty(t, Check(&profile.Profile{DefaultAction: "?"}, Default()), "Resolve says why")
	many := repeat(3000, `{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}`)
	p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", `+many+`}`), profile.In(profile.OCI))
	require.NoError(t, err)
	require.Len(t, Check(p, Default()), most)
}
