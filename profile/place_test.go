// SPDX-License-Identifier: Apache-2.0

package profile

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCursor asks for places in any order.
func TestCursor(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	var b strings.Builder
	for b.Len() < 5*stride {
		b.WriteString(strings.Repeat("x", r.IntN(300)) + "\n")
	}
	text := b.String()
	var c cursor
	for range 2000 {
		at := r.IntN(len(text) + 1)
		if r.IntN(8) == 0 {
			at = min(len(text), r.IntN(6)*stride)
		}
		line, column := c.position(text, at)
		before := text[:at]
		require.Equal(t, 1+strings.Count(before, "\n"), line, "line at %d", at)
		require.Equal(t, at-strings.LastIndexByte(before, '\n'), column, "column at %d", at)
	}
}
