// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

func TestOf(t *testing.T) {
	tests := map[string]struct {
		audit, nr uint32
		want      arch.Arch
	}{
		"x86_64, first number":                 {0xC000003E, 0, arch.X86_64},
		"x86_64, last number below x32's":      {0xC000003E, 0x3fffffff, arch.X86_64},
		"x32, first number":                    {0xC000003E, 0x40000000, arch.X32},
		"x32, a sign bit beside x32's":         {0xC000003E, 0xc0000000, arch.X32},
		"x32, a sign bit alone":                {0xC000003E, 0x80000000, arch.X32},
		"x32, last number before -1":           {0xC000003E, 0xfffffffe, arch.X32},
		"x86_64, the call a tracer skips":      {0xC000003E, 0xffffffff, arch.X86_64},
		"x86, a number that would be x32's":    {0x40000003, 0x40000000, arch.X86},
		"the little-endian SuperH is SH":       {0x4000002A, 1, arch.SH},
		"the big-endian SuperH is SHEB":        {0x0000002A, 1, arch.SHEB},
		"MIPS n32 has a token of its own":      {0xA0000008, 6000, arch.MIPS64N32},
		"MIPS n64, though the number is n32's": {0x80000008, 6000, arch.MIPS64},
		"no such token":                        {0x12345678, 0, 0},
		"zero":                                 {0, 0, 0},
		"big-endian ARM is not ours":           {0x00000028, 0, 0},
		"sparc64 cannot filter":                {0x8000002B, 0, 0},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			got, ok := arch.Of(tt.audit, tt.nr)
			assert.Equal(t, tt.want, got, "Of(%#x, %#x)", tt.audit, tt.nr)
			assert.Equal(t, tt.want != 0, ok, "Of(%#x, %#x)", tt.audit, tt.nr)
		})
	}
}

// TestOfEveryCall finds each ABI again by its token and each of its numbers.
func TestOfEveryCall(t *testing.T) {
	for _, a := range arch.All() {
		for nr := range a.Calls() {
			if got, ok := arch.Of(a.Audit(), nr); !ok || got != a {
				t.Errorf("%v: number %#x came through %v", a, nr, got)
			}
		}
	}
}
