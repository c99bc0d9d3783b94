// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseKernel(t *testing.T) {
	tests := map[string]struct {
		text string
		want arch.Kernel
	}{
		"two numbers":              {"6.18", 6<<8 | 18},
		"three numbers and more":   {"6.18.44-foo", 6<<8 | 18},
		"release candidate":        {"7.2-rc1", 7<<8 | 2},
		"Debian's uname -r":        {"6.1.0-28-cloud-amd64", 6<<8 | 1},
		"built from a tree":        {"6.18+", 6<<8 | 18},
		"Debian's package version": {"6.18~rc3", 6<<8 | 18},
		"Void's uname -r":          {"6.12.8_1", 6<<8 | 12},
		"third number beyond 255":  {"4.19.325", 4<<8 | 19},
		"largest":                  {"255.255", 0xffff},
		"smallest":                 {"0.1", 1},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			got, err := arch.ParseKernel(tt.text)
			require.NoError(t, err)
			assert.Equal(t, tt.want, got, tt.text)
		})
	}
}

func TestParseKernelRefuses(t *testing.T) {
	for _, text := range []string{
		"", "6", "6.", ".18", "6.x", "x.6", "v6.18", "6.18.", "6.18.x", "6.18foo", "256.0", "6.256",
		"0.0", "-6.1", "+6.1", "6.-1", "6.+1", " 6.18", "6.18 ", "6 .18", "6,18", "6.0x12", "0x6.1",
		"6_0.1", "6.1\x00", "99999999999999999999.1", "newest",
	} {
		_, err := arch.ParseKernel(text)
		assert.ErrorContains(t, err, "invalid kernel version", "%q", text)
	}
}

func TestKernelString(t *testing.T) {
	assert.Equal(t, "6.18", arch.Kernel(6<<8|18).String())
	assert.Equal(t, "7.2", arch.Newest.String())
	assert.Equal(t, "0.0", arch.Kernel(0).String())
}

// FuzzParseKernel: what is accepted is written back as its own beginning, but
// for zeros in front.
func FuzzParseKernel(f *testing.F) {
	for _, s := range []string{"6.18", "6.18.44-foo", "7.2-rc1", "06.018", "6.", "0.0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, err := arch.ParseKernel(s)
		if err != nil {
			require.ErrorContains(t, err, "invalid kernel version")
			require.Zero(t, k)
			return
		}
		again, err := arch.ParseKernel(k.String())
		require.NoError(t, err)
		require.Equal(t, k, again)
		require.NotZero(t, k)
	})
}
