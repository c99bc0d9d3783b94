// SPDX-License-Identifier: Apache-2.0

package systemd

import (
	"sync"

	"github.com/gosieve/sieve/arch"
)

// archWords are the words for ABIs (seccomp_arch_to_string), in alphabetical order. It is a
// list, not a map, so that what is written and suggested does not hang on an order that
// changes from run to run. Each ABI has one word.
var archWords = []struct {
	word string
	abi  arch.Arch
}{
	{"arm", arch.ARM}, {"arm64", arch.AArch64}, {"loongarch64", arch.LoongArch64},
	{"mips", arch.MIPS}, {"mips-le", arch.MIPSEL}, {"mips64", arch.MIPS64}, {"mips64-le", arch.MIPSEL64},
	{"mips64-le-n32", arch.MIPSEL64N32}, {"mips64-n32", arch.MIPS64N32}, {"parisc", arch.PARISC}, {"parisc64", arch.PARISC64},
	{"ppc", arch.PPC}, {"ppc64", arch.PPC64}, {"ppc64-le", arch.PPC64LE}, {"riscv64", arch.RISCV64},
	{"s390", arch.S390}, {"s390x", arch.S390X}, {"x32", arch.X32}, {"x86", arch.X86}, {"x86-64", arch.X86_64},
}

// archOf returns the ABI of one of systemd's words (seccomp_arch_from_string). Words are
// compared exactly: "x86_64" is unknown to systemd, which writes "x86-64".
func archOf(word string) (arch.Arch, bool) {
	for _, w := range archWords {
		if w.word == word {
			return w.abi, true
		}
	}
	return 0, false
}

// archWord returns systemd's word for an ABI, empty if it has none, as for M68K and
// SuperH.
func archWord(a arch.Arch) string {
	for _, w := range archWords {
		if w.abi == a {
			return w.word
		}
	}
	return ""
}

// knowsArch says whether a version of systemd has a word for an ABI: loongarch64 came with
// 255 (systemd#28734).
func knowsArch(version int, a arch.Arch) bool {
	_, ok := others()[a]
	return ok && (a != arch.LoongArch64 || version >= 255)
}

// others are the ABIs that are filtered beside a native one, in the order in which systemd
// adds their filters (seccomp_local_archs, seccomp-util.c). An ABI without an entry is one
// for which systemd has no word, or on which it installs no filter.
var others = sync.OnceValue(func() map[arch.Arch][]arch.Arch {
	return map[arch.Arch][]arch.Arch{
		arch.X86_64: {arch.X86, arch.X32}, arch.X32: {arch.X86, arch.X86_64}, arch.X86: {}, arch.ARM: {},
		arch.AArch64: {arch.ARM}, arch.MIPS: {arch.MIPSEL}, arch.MIPSEL: {arch.MIPS},
		arch.MIPS64:      {arch.MIPSEL, arch.MIPS, arch.MIPSEL64N32, arch.MIPS64N32, arch.MIPSEL64},
		arch.MIPSEL64:    {arch.MIPS, arch.MIPSEL, arch.MIPS64N32, arch.MIPSEL64N32, arch.MIPS64},
		arch.MIPS64N32:   {arch.MIPSEL, arch.MIPS, arch.MIPSEL64, arch.MIPS64, arch.MIPSEL64N32},
		arch.MIPSEL64N32: {arch.MIPS, arch.MIPSEL, arch.MIPS64, arch.MIPSEL64, arch.MIPS64N32},
		arch.PPC64:       {arch.PPC, arch.PPC64LE}, arch.PPC64LE: {arch.PPC, arch.PPC64}, arch.PPC: {},
		arch.RISCV64: {}, arch.S390X: {arch.S390}, arch.S390: {},
		arch.PARISC64: {arch.PARISC}, arch.PARISC: {}, arch.LoongArch64: {},
	}
})
