// SPDX-License-Identifier: Apache-2.0

package callset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
)

// TestTable holds the embedded table to the reference.
func TestTable(t *testing.T) {
	reference := shared.Read(t, "data/groups.tsv")
	_, rest, ok := strings.Cut(table, "#set\t")
	require.True(t, ok)
	assert.Equal(t, string(reference), "#set\t"+rest)
}

// TestMembers: every set of every version has calls, and all of them are known.
func TestMembers(t *testing.T) {
	assert.Len(t, Names(Newest), 30)
	for version := range versions() {
		assert.True(t, Has(version))
		for _, set := range Names(version) {
			names, ok := Members(version, set)
			require.True(t, ok)
			require.NotEmpty(t, names, set)
			for _, name := range names {
				assert.True(t, arch.Known(name), name)
			}
		}
	}
	assert.False(t, Has(1))
	_, ok := Members(Newest, "@nothing")
	assert.False(t, ok)
}
