// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/internal/test/shared"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestWidth(t *testing.T) {
	tests := map[string]struct {
		name  string
		index int
		bits  int
	}{
		"int":                     {"socket", 0, 32},
		"unsigned int":            {"personality", 0, 32},
		"unsigned long":           {"clone", 0, 64},
		"size_t":                  {"read", 2, 64},
		"pointer":                 {"read", 1, 64},
		"umode_t":                 {"chmod", 1, 16},
		"sixth argument":          {"mmap", 5, 64},
		"one more than there are": {"socket", 3, 0},
		"index -1":                {"socket", -1, 0},
		"index 6":                 {"mmap", 6, 0},
		"index far beyond":        {"mmap", math.MaxInt, 0},
		"no arguments":            {"getpid", 0, 0},
		"not on a 64-bit kernel":  {"set_tls", 0, 0},
		"unknown name":            {"frobnicate", 0, 0},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			bits, ok := arch.Width(tt.name, tt.index)
			assert.Equal(t, tt.bits, bits, "%s[%d]", tt.name, tt.index)
			assert.Equal(t, tt.bits != 0, ok, "%s[%d]", tt.name, tt.index)
		})
	}
}

// TestWidths holds every width to its row, and all others to "not known".
func TestWidths(t *testing.T) {
	want := map[[2]string]int{}
	for _, f := range rows(t, "data/args.tsv") {
		want[[2]string{f[0], f[1]}] = bitsOf(t, f[2])
	}
	require.Greater(t, len(want), 1000)
	for _, name := range knownNames() {
		for i := range 6 {
			bits, ok := arch.Width(name, i)
			w := want[[2]string{name, strconv.Itoa(i)}]
			assert.Equal(t, w, bits, "%s[%d]", name, i)
			assert.Equal(t, w != 0, ok, "%s[%d]", name, i)
		}
	}
}

// TestWidthsOfReference holds them to the reference material.
func TestWidthsOfReference(t *testing.T) {
	for _, f := range fields(t, "args.tsv", string(shared.Read(t, "data/args.tsv"))) {
		index, err := strconv.Atoi(f[1])
		require.NoError(t, err)
		bits, _ := arch.Width(f[0], index)
		assert.Equal(t, bitsOf(t, f[4]), bits, "%s[%d]", f[0], index)
	}
}

func bitsOf(t testing.TB, width string) int {
	if width == "ptr" {
		return 64
	}
	n, err := strconv.Atoi(width)
	require.NoError(t, err)
	return n
}
