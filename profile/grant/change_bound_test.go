// SPDX-License-Identifier: Apache-2.0

package grant_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/resolution"
	"github.com/gosieve/sieve/internal/test/documents"
	"github.com/gosieve/sieve/profile"
	"github.com/gosieve/sieve/profile/grant"
)

// resolutions is an option that counts how often a document is resolved.
type resolutions struct{ n *int }

func (r resolutions) Apply(*resolution.Options) { *r.n++ }

// TestChangesBounded: of many rules for a call only so many are looked at: a document is
// resolved and copied for each, and a quarter of a million rules would take hours.
func TestChangesBounded(t *testing.T) {
	tests := map[string]string{
		"denials":                `{"names": ["clone"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": %d, "op": "SCMP_CMP_EQ"}]}`,
		"for one capability":     `{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 1, "value": %d, "op": "SCMP_CMP_EQ"}], "includes": {"caps": ["CAP_SYS_ADMIN"]}}`,
		"without one capability": `{"names": ["clone"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 1, "value": %d, "op": "SCMP_CMP_NE"}], "excludes": {"caps": ["CAP_SYS_ADMIN"]}}`,
		"to widen":               `{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": %d, "op": "SCMP_CMP_LT"}, {"index": 1, "value": 7, "op": "SCMP_CMP_EQ"}]}`,
	}
	for name, rule := range tests {
		t.Run(name, func(t *testing.T) {
			count := func(rules int) int {
				list := make([]string, rules)
				for i := range list {
					list[i] = fmt.Sprintf(rule, i+100)
				}
				p, err := profile.Parse([]byte(`{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [` + strings.Join(list, ",") + `]}`))
				require.NoError(t, err)
				n := 0
				call := documents.Call(arch.X86_64, "clone", 1<<40, 7)
				_, err = grant.Changes(p, profile.Target{Arch: arch.X86_64, Kernel: arch.Newest}, call, resolutions{&n})
				require.NoError(t, err)
				return n
			}
			assert.Less(t, count(200), 100)
			assert.Equal(t, count(200), count(400))
		})
	}
}
