// SPDX-License-Identifier: Apache-2.0

package arch

// abi is what is known of an ABI beside its calls. Names are kept as each tool spells them:
// no rule derives one from another (mips3l64n32 is Docker's mipsel64n32, SH is little-endian
// for libseccomp and big-endian for audit.h).
type abi struct {
	name   string // libseccomp's
	token  string // OCI's
	goarch string
	others []string // further names: uname -m, Debian, Docker
	audit  uint32   // AUDIT_ARCH_*, include/uapi/linux/audit.h
	base   uint32   // of the numbers, unistd.h: x32's bit, or 4000, 5000 and 6000 on MIPS
	bits   uint8
	calls  *table
}

// abis is held against data/arches.tsv by a test. The first is the ABI of an
// invalid Arch, so that methods of one answer with zero values and never panic. ABIs that
// differ in byte order alone number their calls alike and share a table.
var abis = [last + 1]abi{
	0: {calls: &table{}},
	X86_64: {
		name: "x86_64", token: "SCMP_ARCH_X86_64", goarch: "amd64",
		audit: 0xC000003E, bits: 64, calls: &x86_64Table,
	},
	X86: {
		name: "x86", token: "SCMP_ARCH_X86", goarch: "386",
		others: []string{"i386", "i486", "i586", "i686"},
		audit:  0x40000003, bits: 32, calls: &x86Table,
	},
	X32: {
		name: "x32", token: "SCMP_ARCH_X32",
		audit: 0xC000003E, base: 0x40000000, bits: 32, calls: &x32Table,
	},
	AArch64: {
		name: "aarch64", token: "SCMP_ARCH_AARCH64", goarch: "arm64",
		audit: 0xC00000B7, bits: 64, calls: &aarch64Table,
	},
	ARM: {
		name: "arm", token: "SCMP_ARCH_ARM", goarch: "arm",
		others: []string{"armhf", "armel", "armv5tel", "armv5tejl", "armv6l", "armv7l", "armv8l"},
		audit:  0x40000028, bits: 32, calls: &armTable,
	},
	LoongArch64: {
		name: "loongarch64", token: "SCMP_ARCH_LOONGARCH64", goarch: "loong64",
		audit: 0xC0000102, bits: 64, calls: &loongarch64Table,
	},
	M68K: {
		name: "m68k", token: "SCMP_ARCH_M68K",
		audit: 0x00000004, bits: 32, calls: &m68kTable,
	},
	MIPS: {
		name: "mips", token: "SCMP_ARCH_MIPS", goarch: "mips",
		audit: 0x00000008, base: 4000, bits: 32, calls: &mipsTable,
	},
	MIPSEL: {
		name: "mipsel", token: "SCMP_ARCH_MIPSEL", goarch: "mipsle",
		audit: 0x40000008, base: 4000, bits: 32, calls: &mipsTable,
	},
	MIPS64: {
		name: "mips64", token: "SCMP_ARCH_MIPS64", goarch: "mips64",
		audit: 0x80000008, base: 5000, bits: 64, calls: &mips64Table,
	},
	MIPSEL64: {
		name: "mipsel64", token: "SCMP_ARCH_MIPSEL64", goarch: "mips64le",
		others: []string{"mips64el"},
		audit:  0xC0000008, base: 5000, bits: 64, calls: &mips64Table,
	},
	MIPS64N32: {
		name: "mips64n32", token: "SCMP_ARCH_MIPS64N32", goarch: "mips64p32",
		others: []string{"mipsn32"},
		audit:  0xA0000008, base: 6000, bits: 32, calls: &mips64n32Table,
	},
	MIPSEL64N32: {
		name: "mipsel64n32", token: "SCMP_ARCH_MIPSEL64N32", goarch: "mips64p32le",
		others: []string{"mips3l64n32", "mipsn32el"},
		audit:  0xE0000008, base: 6000, bits: 32, calls: &mips64n32Table,
	},
	PARISC: {
		name: "parisc", token: "SCMP_ARCH_PARISC",
		others: []string{"hppa"},
		audit:  0x0000000F, bits: 32, calls: &pariscTable,
	},
	PARISC64: {
		name: "parisc64", token: "SCMP_ARCH_PARISC64",
		others: []string{"hppa64"},
		audit:  0x8000000F, bits: 64, calls: &parisc64Table,
	},
	PPC: {
		name: "ppc", token: "SCMP_ARCH_PPC", goarch: "ppc",
		others: []string{"powerpc"},
		audit:  0x00000014, bits: 32, calls: &ppcTable,
	},
	PPC64: {
		name: "ppc64", token: "SCMP_ARCH_PPC64", goarch: "ppc64",
		audit: 0x80000015, bits: 64, calls: &ppc64Table,
	},
	PPC64LE: {
		name: "ppc64le", token: "SCMP_ARCH_PPC64LE", goarch: "ppc64le",
		others: []string{"ppc64el"},
		audit:  0xC0000015, bits: 64, calls: &ppc64Table,
	},
	RISCV64: {
		name: "riscv64", token: "SCMP_ARCH_RISCV64", goarch: "riscv64",
		audit: 0xC00000F3, bits: 64, calls: &riscv64Table,
	},
	S390: {
		name: "s390", token: "SCMP_ARCH_S390", goarch: "s390",
		audit: 0x00000016, bits: 32, calls: &s390Table,
	},
	S390X: {
		name: "s390x", token: "SCMP_ARCH_S390X", goarch: "s390x",
		audit: 0x80000016, bits: 64, calls: &s390xTable,
	},
	SH: {
		name: "sh", token: "SCMP_ARCH_SH",
		others: []string{"sh4"},
		audit:  0x4000002A, bits: 32, calls: &shTable,
	},
	SHEB: {
		name: "sheb", token: "SCMP_ARCH_SHEB",
		others: []string{"sh4eb"},
		audit:  0x0000002A, bits: 32, calls: &shTable,
	},
	RISCV32: {
		name:  "riscv32",
		audit: 0x400000F3, bits: 32, calls: &riscv32Table,
	},
}

func (a Arch) abi() *abi {
	if !a.Valid() {
		a = 0
	}
	return &abis[a]
}
