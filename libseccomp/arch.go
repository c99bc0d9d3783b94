// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"fmt"
	"strings"

	"github.com/gosieve/sieve/arch"
)

// ScmpArch is an ABI. The numbers are libseccomp-golang's own, not the kernel's.
type ScmpArch uint

// The ABIs.
const (
	ArchInvalid ScmpArch = iota // the zero value, which is none
	ArchNative                  // that of this program, whatever it is
	ArchX86
	ArchAMD64
	ArchX32
	ArchARM
	ArchARM64
	ArchMIPS
	ArchMIPS64
	ArchMIPS64N32
	ArchMIPSEL
	ArchMIPSEL64
	ArchMIPSEL64N32
	ArchPPC
	ArchPPC64
	ArchPPC64LE
	ArchS390
	ArchS390X
	ArchPARISC
	ArchPARISC64
	ArchRISCV64
	ArchLOONGARCH64
	ArchM68K
	ArchSH   // little-endian
	ArchSHEB // big-endian
)

// arches are what is known of each: what Sieve calls it, what String says, and what else
// GetArchFromString takes for it.
var arches = [...]struct {
	abi   arch.Arch
	name  string
	other []string
}{
	ArchX86:         {arch.X86, "x86", nil},
	ArchAMD64:       {arch.X86_64, "amd64", []string{"x86-64", "x86_64", "x64"}},
	ArchX32:         {arch.X32, "x32", nil},
	ArchARM:         {arch.ARM, "arm", nil},
	ArchARM64:       {arch.AArch64, "arm64", []string{"aarch64"}},
	ArchMIPS:        {arch.MIPS, "mips", nil},
	ArchMIPS64:      {arch.MIPS64, "mips64", nil},
	ArchMIPS64N32:   {arch.MIPS64N32, "mips64n32", nil},
	ArchMIPSEL:      {arch.MIPSEL, "mipsel", nil},
	ArchMIPSEL64:    {arch.MIPSEL64, "mipsel64", nil},
	ArchMIPSEL64N32: {arch.MIPSEL64N32, "mipsel64n32", nil},
	ArchPPC:         {arch.PPC, "ppc", nil},
	ArchPPC64:       {arch.PPC64, "ppc64", nil},
	ArchPPC64LE:     {arch.PPC64LE, "ppc64le", nil},
	ArchS390:        {arch.S390, "s390", nil},
	ArchS390X:       {arch.S390X, "s390x", nil},
	ArchPARISC:      {arch.PARISC, "parisc", nil},
	ArchPARISC64:    {arch.PARISC64, "parisc64", nil},
	ArchRISCV64:     {arch.RISCV64, "riscv64", nil},
	ArchLOONGARCH64: {arch.LoongArch64, "loong64", []string{"loongarch64"}},
	ArchM68K:        {arch.M68K, "m68k", nil},
	ArchSH:          {arch.SH, "sh", nil},
	ArchSHEB:        {arch.SHEB, "sheb", nil},
}

// GetArchFromString is the ABI of a name, in any case: what String says, "aarch64",
// "loongarch64", "x86-64", "x86_64" or "x64".
func GetArchFromString(arch string) (ScmpArch, error) {
	name := strings.ToLower(arch)
	for a := ArchX86; a <= ArchSHEB; a++ {
		if name == arches[a].name {
			return a, nil
		}
		for _, other := range arches[a].other {
			if name == other {
				return a, nil
			}
		}
	}
	return ArchInvalid, fmt.Errorf("cannot convert unrecognized string %q", arch)
}

// String is the ABI's name.
func (a ScmpArch) String() string {
	switch {
	case a == ArchInvalid:
		return "Invalid architecture"
	case a == ArchNative:
		return "native"
	case a > ArchSHEB:
		return fmt.Sprintf("Unknown architecture %#x", uint(a))
	}
	return arches[a].name
}

// GetNativeArch is the ABI that this program was built for.
func GetNativeArch() (ScmpArch, error) {
	if a := fromABI(arch.Native()); a != ArchInvalid {
		return a, nil
	}
	return ArchInvalid, fmt.Errorf("unrecognized architecture %#x", arch.Native().Audit())
}

// fromABI is ArchInvalid for an ABI that libseccomp lacks.
func fromABI(abi arch.Arch) ScmpArch {
	for a := ArchX86; a <= ArchSHEB; a++ {
		if arches[a].abi == abi {
			return a
		}
	}
	return ArchInvalid
}

// resolve is the ABI itself, where that of this program may be meant.
func (a ScmpArch) resolve() (arch.Arch, error) {
	switch {
	case a == ArchInvalid || a > ArchSHEB:
		return 0, fmt.Errorf("unrecognized architecture %#x", uint(a))
	case a == ArchNative:
		native, err := GetNativeArch()
		return arches[native].abi, err
	}
	return arches[a].abi, nil
}
