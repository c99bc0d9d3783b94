// SPDX-License-Identifier: Apache-2.0

package codes

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCodes(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range All() {
		assert.False(t, seen[r.Code], "%s is there twice", r.Code)
		seen[r.Code] = true
		assert.Regexp(t, "^[a-z0-9]+(-[a-z0-9]+)*$", r.Code)
		assert.NotEmpty(t, r.Meaning)
		assert.Equal(t, r, Of(r.Code))
	}
	assert.Len(t, seen, len(rows))
	assert.Empty(t, Of("no-such-code"))
	assert.True(t, Of("overlap").Deviates)
	assert.False(t, Of("syntax").Deviates)
}
