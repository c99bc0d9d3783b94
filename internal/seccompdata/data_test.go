// SPDX-License-Identifier: Apache-2.0

package seccompdata_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/internal/seccompdata"
	"github.com/gosieve/sieve/internal/test/shared"
)

// TestBigEndian includes machines that are no Arch.
func TestBigEndian(t *testing.T) {
	tests := map[string]struct {
		audit uint32
		want  bool
	}{
		"x86_64":         {0xC000003E, false},
		"s390x":          {0x80000016, true},
		"mipsel64n32":    {0xE0000008, false},
		"mips64n32":      {0xA0000008, true},
		"sparc64":        {0x8000002B, true},
		"alpha":          {0xC0009026, false},
		"big-endian arm": {0x00000028, true},
	}
	for name, tt := range tests {
		assert.Equal(t, tt.want, seccompdata.BigEndian(tt.audit), "%s %#x", name, tt.audit)
	}
}

// TestReference: the order of bytes is right for the tokens of all architectures, those
// included that are no ABI of package arch.
func TestReference(t *testing.T) {
	held := 0
	for line := range strings.Lines(string(shared.Read(t, "data/arches.tsv"))) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(f) < 9 || f[8] != "big" && f[8] != "little" {
			continue
		}
		audit, err := strconv.ParseUint(f[7], 0, 32)
		require.NoError(t, err)
		assert.Equal(t, f[8] == "big", seccompdata.BigEndian(uint32(audit)), f[0])
		held++
	}
	require.Greater(t, held, 20)
}

// TestOf holds the words to struct seccomp_data as bytes: a 32-bit number, a 32-bit token,
// and 64-bit values in the ABI's byte order. All halves differ.
func TestOf(t *testing.T) {
	args := [6]uint64{3<<32 | 4, 5<<32 | 6, 7<<32 | 8, 9<<32 | 10, 11<<32 | 12, 13<<32 | 14}
	for audit, want := range map[uint32]bpf.Data{
		0xC000003E: {59, 0xC000003E, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13},
		0x80000016: {59, 0x80000016, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
	} {
		assert.Equal(t, want, seccompdata.Of(audit, 59, 1<<32|2, &args))
	}
}
