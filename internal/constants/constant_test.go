// SPDX-License-Identifier: Apache-2.0

package constants

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestConstants checks the table: every line is read, every ABI of its is one.
func TestConstants(t *testing.T) {
	assert.Greater(t, len(lines()), 1800)
	for name, values := range lines() {
		require.Regexp(t, `^0x[0-9a-f]+( 0x[0-9a-f]+@[a-z0-9_,]+)*$|^0x[0-9a-f]+@[a-z0-9_,]+( 0x[0-9a-f]+@[a-z0-9_,]+)*$`, values, name)
		for _, m := range regexp.MustCompile(`@(\S+)`).FindAllStringSubmatch(values, -1) {
			for _, abi := range strings.Split(m[1], ",") {
				a, err := arch.Parse(abi)
				require.NoError(t, err)
				require.Equal(t, a.String(), abi)
				require.True(t, slices.Contains(tableABIs, a), abi)
			}
		}
		_, ok, known := Value(name, arch.X86_64)
		require.True(t, known, name)
		require.True(t, ok || !strings.Contains(values, "x86_64"), name)
	}
	// Of the kernel's uapi headers.
	for name, want := range map[string]map[arch.Arch]uint64{
		"PROT_EXEC":   {arch.X86_64: 4, arch.MIPS: 4},
		"MAP_ANON":    {arch.X86_64: 0x20, arch.MIPS: 0x800},
		"TCGETS":      {arch.X86: 0x5401, arch.PPC64LE: 0x402c7413, arch.MIPSEL: 0x540d},
		"O_DIRECT":    {arch.X86_64: 0x4000, arch.AArch64: 0x10000},
		"AF_VSOCK":    {arch.RISCV64: 40},
		"EDQUOT":      {arch.S390X: 122, arch.MIPS64: 1133},
		"ARCH_SET_FS": {arch.X86_64: 0x1002, arch.X86: 0x1002},
		// Of Linux 6.13 and later, and of headers that golang.org/x/sys does not read.
		"MADV_GUARD_INSTALL": {arch.X86_64: 0x66, arch.MIPS: 0x66},
		"PROCMAP_QUERY":      {arch.X86_64: 0xc0686611, arch.PPC64LE: 0xc0686611},
		"FIONBIO":            {arch.X86_64: 0x5421, arch.AArch64: 0x5421, arch.MIPS64: 0x667e, arch.PPC: 0x8004667e},
		"SYS_SOCKET":         {arch.ARM: 1},
		"R_OK":               {arch.RISCV64: 4},
	} {
		for a, n := range want {
			got, ok, _ := Value(name, a)
			assert.True(t, ok)
			assert.Equal(t, n, got, "%s on %v", name, a)
		}
	}
}
