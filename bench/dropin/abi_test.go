// SPDX-License-Identifier: Apache-2.0

package dropin

import (
	"slices"

	"github.com/gosieve/sieve/arch"
)

// abi is an ABI by both libraries' names. Those that libseccomp 2.5.4 lacks are not here.
type abi struct {
	arch.Arch
	scmp uint
	big  bool
}

// scmpNative is ArchNative of the API.
const scmpNative = 1

// little and big are the ABIs of either byte order: libseccomp takes no others beside one.
var (
	native = abi{arch.X86_64, 3, false}
	little = []abi{
		native, {arch.X86, 2, false}, {arch.X32, 4, false}, {arch.ARM, 5, false}, {arch.AArch64, 6, false},
		{arch.MIPSEL, 10, false}, {arch.MIPSEL64, 11, false}, {arch.MIPSEL64N32, 12, false},
		{arch.PPC64LE, 15, false}, {arch.RISCV64, 20, false},
	}
	big = []abi{
		{arch.MIPS, 7, true}, {arch.MIPS64, 8, true}, {arch.MIPS64N32, 9, true}, {arch.PPC, 13, true}, {arch.PPC64, 14, true},
		{arch.S390, 16, true}, {arch.S390X, 17, true}, {arch.PARISC, 18, true}, {arch.PARISC64, 19, true},
	}
)

// scmpArch is the ABI of a number of the API.
func scmpArch(number uint) arch.Arch {
	for _, a := range slices.Concat(little, big) {
		if a.scmp == number || number == scmpNative && a == native {
			return a.Arch
		}
	}
	return 0
}
