// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"strings"
	"testing"

	"github.com/gosieve/sieve/arch"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// spellings are all names that documents and tools use.
var spellings = map[arch.Arch]string{
	arch.X86_64:      "SCMP_ARCH_X86_64 x86_64 amd64",
	arch.X86:         "SCMP_ARCH_X86 x86 386 i386 i486 i586 i686",
	arch.X32:         "SCMP_ARCH_X32 x32",
	arch.AArch64:     "SCMP_ARCH_AARCH64 aarch64 arm64",
	arch.ARM:         "SCMP_ARCH_ARM arm armhf armel armv5tel armv5tejl armv6l armv7l armv8l",
	arch.LoongArch64: "SCMP_ARCH_LOONGARCH64 loongarch64 loong64",
	arch.M68K:        "SCMP_ARCH_M68K m68k",
	arch.MIPS:        "SCMP_ARCH_MIPS mips",
	arch.MIPSEL:      "SCMP_ARCH_MIPSEL mipsel mipsle",
	arch.MIPS64:      "SCMP_ARCH_MIPS64 mips64",
	arch.MIPSEL64:    "SCMP_ARCH_MIPSEL64 mipsel64 mips64le mips64el",
	arch.MIPS64N32:   "SCMP_ARCH_MIPS64N32 mips64n32 mips64p32 mipsn32",
	arch.MIPSEL64N32: "SCMP_ARCH_MIPSEL64N32 mipsel64n32 mips64p32le mips3l64n32 mipsn32el",
	arch.PARISC:      "SCMP_ARCH_PARISC parisc hppa",
	arch.PARISC64:    "SCMP_ARCH_PARISC64 parisc64 hppa64",
	arch.PPC:         "SCMP_ARCH_PPC ppc powerpc",
	arch.PPC64:       "SCMP_ARCH_PPC64 ppc64",
	arch.PPC64LE:     "SCMP_ARCH_PPC64LE ppc64le ppc64el",
	arch.RISCV64:     "SCMP_ARCH_RISCV64 riscv64",
	arch.S390:        "SCMP_ARCH_S390 s390",
	arch.S390X:       "SCMP_ARCH_S390X s390x",
	arch.SH:          "SCMP_ARCH_SH sh sh4",
	arch.SHEB:        "SCMP_ARCH_SHEB sheb sh4eb",
	arch.RISCV32:     "riscv32",
}

func TestParse(t *testing.T) {
	for _, a := range arch.All() {
		require.Contains(t, spellings, a)
		for name := range strings.FieldsSeq(spellings[a]) {
			got, err := arch.Parse(name)
			require.NoError(t, err, name)
			assert.Equal(t, a, got, name)
		}
		for _, name := range []string{a.String(), a.Token(), a.GOARCH()} {
			if name != "" {
				assert.Contains(t, strings.Fields(spellings[a]), name, "%v has an untested name", a)
			}
		}
	}
}

func TestParseRefuses(t *testing.T) {
	tests := map[string]struct{ name, near string }{
		"upper case":                     {"X86_64", `"x86_64"`},
		"token in lower case":            {"scmp_arch_x86_64", `"SCMP_ARCH_X86_64"`},
		"token of Go's name":             {"SCMP_ARCH_AMD64", `"SCMP_ARCH_X86_64"`},
		"token with a typo":              {"SCMP_ARCH_AARCH46", `"SCMP_ARCH_AARCH64"`},
		"hyphen":                         {"x86-64", `"x86_64"`},
		"letters swapped":                {"amd46", `"amd64"`},
		"space":                          {" arm64", `"arm64"`},
		"of this machine, not of a name": {"SCMP_ARCH_NATIVE", ""},
		"no OCI token":                   {"SCMP_ARCH_RISCV32", `"SCMP_ARCH_RISCV64"`},
		"cannot filter":                  {"sparc64", ""},
		"empty":                          {"", ""},
		"the prefix alone":               {"SCMP_ARCH_", `"SCMP_ARCH_SH"`},
		"long":                           {strings.Repeat("x86_64", 1000), ""},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			a, err := arch.Parse(tt.name)
			require.ErrorContains(t, err, "unknown architecture \"")
			assert.Zero(t, a)
			assert.Less(t, len(err.Error()), 200)
			if tt.near == "" {
				assert.NotContains(t, err.Error(), "did you mean")
				return
			}
			assert.Contains(t, err.Error(), "did you mean "+tt.near+"?")
		})
	}
}

// FuzzParse: no name is accepted that is not in the list above, and no error is
// long.
func FuzzParse(f *testing.F) {
	f.Add("SCMP_ARCH_X86_64")
	f.Add("x86-64")
	f.Add("\xff\xff")
	f.Fuzz(func(t *testing.T, name string) {
		a, err := arch.Parse(name)
		if err != nil {
			require.ErrorContains(t, err, "unknown architecture \"")
			require.Less(t, len(err.Error()), 400)
			return
		}
		require.Contains(t, strings.Fields(spellings[a]), name)
	})
}
