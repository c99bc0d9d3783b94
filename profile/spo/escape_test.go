// SPDX-License-Identifier: Apache-2.0

package spo

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/profile"
)

// TestJSON: objects as JSON, with all that its strings may have.
func TestJSON(t *testing.T) {
	text := `{"apiVersion": "security-profiles-operator.x-k8s.io\/v1", "kind": "SeccompProfile", "metadata": {"name": "x"},
	"spec": {"listenerMetadata": "\/\ud83d\ude00\u00e9\\\"\n😀\\ud83d", "defaultAction": "SCMP_ACT_\u0045RRNO", "flags": []}}`
	p, err := Parse([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, "/\U0001f600é\\\"\n\U0001f600\\ud83d", p.Seccomp.ListenerMetadata)
	assert.Equal(t, "SCMP_ACT_ERRNO", p.Seccomp.DefaultAction)
	require.Len(t, p.Seccomp.Warnings, 1)
	place := p.Seccomp.Warnings[0].Place
	assert.Equal(t, 2, place.Line)
	assert.Equal(t, "[]", string([]byte(text)[lineStarts(text)[1]+place.Column-1:][:2]), "the place is that in the text")

	_, err = Parse([]byte(`{"apiVersion": "\ud83d"}`))
	assert.ErrorIs(t, err, profile.ErrSyntax, "half a pair")
	for _, same := range []string{"a: \"\\/\"", `{"a": "\/"`, `{a: "\/"}`, "", `{"a": 1}`} {
		assert.Equal(t, same, string(escapes([]byte(same))))
	}
	assert.Equal(t, `{"a/" : "\U0001f600x"  }`, string(escapes([]byte(`{"a\/": "\ud83d\ude00x"}`))))
}
