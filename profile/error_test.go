// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestErrorAlso: an error has all that is wrong with the document behind it, by place.
func TestErrorAlso(t *testing.T) {
	const rules = `{"defaultAction": "ALLOW", "architectures": ["amd64"], "flags": ["LOG"], "syscalls": [
{"names": ["read"], "action": "KILL", "args": []},
{"names": ["read"], "action": "SCMP_ACT_LOG", "errnoRet": -1},
{"names": ["read"], "action": "SCMP_ACT_LOG", "args": [{"index": 7, "value": 1, "op": "EQ"}]},
{"names": ["read"], "name": "write", "action": "SCMP_ACT_LOG", "includes": {"minKernel": "x"}}`
	for name, tt := range map[string]struct {
		doc  string
		opts []ParseOption
		want string
	}{
		"words and numbers": {rules + `]}`, nil, "unknown-action 1, unknown-arch 1, unknown-flag 1, unknown-action 2, number 3, arg-index 4, name-and-names 5, kernel 5"},
		"no JSON behind":    {rules + `,]}`, nil, "unknown-action 2, number 3, arg-index 4, name-and-names 5, kernel 5, syntax 5"},
		"strict":            {"{\"x\": 1,\n\"y\": 1, \"defaultAction\": \"SCMP_ACT_LOG\"}", []ParseOption{Strict}, "unknown-key 1, unknown-key 2"},
		"one":               {`{"defaultAction": "ALLOW"}`, nil, "unknown-action 1"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(tt.doc), tt.opts...)
			var e *Error
			require.ErrorAs(t, err, &e)
			require.ErrorIs(t, err, ErrProfile)
			var got []string
			for _, d := range append([]Diagnostic{e.Diagnostic}, e.Also...) {
				assert.Equal(t, Failure, d.Severity)
				got = append(got, string(d.Code)+" "+string(rune('0'+d.Place.Line)))
			}
			assert.Equal(t, tt.want, strings.Join(got, ", "))
		})
	}
	// What a program made has no places, and its errors come in order.
	p := &Profile{DefaultAction: "x", Syscalls: []Rule{{Names: []string{"read"}, Action: "y"}, {Names: []string{"read"}, Action: "z"}}}
	var e *Error
	require.ErrorAs(t, p.Validate(), &e)
	assert.Len(t, e.Also, 2)
	_, diags, err := p.Resolve(linux)
	require.ErrorAs(t, err, &e)
	assert.Len(t, diags, 3)

	// A document of nothing but errors ends soon.
	_, err = Parse([]byte(`{"defaultAction": "SCMP_ACT_LOG", "syscalls": [` + strings.Repeat("{},", 100_000) + `{}]}`))
	require.ErrorAs(t, err, &e)
	assert.Len(t, e.Also, maxErrors)
	assert.Equal(t, "further errors are not looked for", e.Also[maxErrors-1].Message)
}
