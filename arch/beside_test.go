// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"slices"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
)

// TestBeside: the relation is symmetric and transitive, because it says who shares a
// kernel. ABIs that share one have one byte order and different meanings of a number.
func TestBeside(t *testing.T) {
	for _, a := range arch.All() {
		for _, b := range a.Beside() {
			assert.NotEqual(t, a, b)
			assert.Contains(t, b.Beside(), a, "%v and %v", a, b)
			assert.Len(t, b.Beside(), len(a.Beside()), "%v and %v", a, b)
			assert.Equal(t, a.BigEndian(), b.BigEndian(), "%v and %v", a, b)
			assert.False(t, a.Audit() == b.Audit() && a.Base() == b.Base(), "a filter tells %v from %v", a, b)
		}
	}
}

// TestBesideEach has the answer for each ABI, with the reason where one may wonder.
func TestBesideEach(t *testing.T) {
	tests := map[arch.Arch][]arch.Arch{
		arch.X86_64:      {arch.X86, arch.X32},
		arch.X86:         {arch.X86_64, arch.X32}, // a program of 32 bits on a kernel of 64
		arch.X32:         {arch.X86_64, arch.X86},
		arch.AArch64:     {arch.ARM},
		arch.ARM:         {arch.AArch64},
		arch.MIPS64:      {arch.MIPS, arch.MIPS64N32},
		arch.MIPS64N32:   {arch.MIPS, arch.MIPS64},
		arch.MIPS:        {arch.MIPS64, arch.MIPS64N32},
		arch.MIPSEL64:    {arch.MIPSEL, arch.MIPSEL64N32},
		arch.MIPSEL64N32: {arch.MIPSEL, arch.MIPSEL64},
		arch.MIPSEL:      {arch.MIPSEL64, arch.MIPSEL64N32},
		arch.PARISC64:    {arch.PARISC},
		arch.PARISC:      {arch.PARISC64},
		arch.PPC64:       {arch.PPC},
		arch.PPC:         {arch.PPC64},
		arch.S390X:       {arch.S390},
		arch.S390:        {arch.S390X},
		arch.PPC64LE:     nil, // 32-bit programs there have another token or byte order than PPC
		arch.RISCV64:     nil, // 32-bit programs there have riscv64's token
		arch.RISCV32:     nil,
		arch.LoongArch64: nil,
		arch.M68K:        nil,
		arch.SH:          nil,
		arch.SHEB:        nil,
	}
	assert.Len(t, tests, len(arch.All()))
	for a, want := range tests {
		assert.ElementsMatch(t, want, a.Beside(), a.String())
	}
	assert.Empty(t, arch.Arch(0).Beside())
	assert.Empty(t, arch.Arch(77).Beside())
}

// TestBesideOwned: callers may change what they are given.
func TestBesideOwned(t *testing.T) {
	clear(arch.X86_64.Beside())
	assert.False(t, slices.Contains(arch.X86_64.Beside(), 0))
}
