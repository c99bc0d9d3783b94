// SPDX-License-Identifier: Apache-2.0

// Package arch holds what the Linux kernel calls things: its ABIs, their system
// calls' names and numbers, the first kernel that has each call, and how much of
// each argument the kernel reads.
//
// An Arch is one ABI: one meaning of call numbers and argument registers. A
// filter does not see the ABI itself but an AUDIT_ARCH token, which names the
// machine, its byte order and word size. The two are nearly the same, with one
// exception: x86_64 and x32 share a token and differ by bit 30 of the number. So
// Audit gives an ABI's token, while Of needs the token and the number.
//
// Numbers are always those that the kernel sees, the ABI's base included (4000
// on MIPS o32, 0x40000000 on x32).
//
// # The way in
//
// [Parse] reads a name in any spelling, and [Of] is the ABI of a call that was seen.
// [Arch.Number] and [Arch.Name] translate between names and numbers, [Arch.Calls] lists
// them, and [Arch.Since] and [Width] say more of a call. [Arch.Beside] lists the ABIs that
// share a kernel. Package seccomp makes policies of names, and package profile reads them
// from documents; both look everything up here.
//
// # Limits
//
// Nothing here asks the machine: the same arguments give the same answers
// everywhere. Only Native depends on what the program was built for. So a name is known
// whether or not the running kernel has the call, and a kernel newer than [Newest] has calls
// that are not known. First kernels are those of releases by kernel.org: distributors take
// calls over earlier. Widths are declarations of the kernel's C code, and ioctl's third
// argument, for one, is read in many ways.
//
// The tables are generated from arch/data (go generate), where each row can be reviewed, and
// are laid out to need no work and no map at start-up.
package arch

//go:generate go run ../internal/generate/arch

// Arch is an ABI of the kernel. The zero value is none of them: its methods
// answer with zero values.
type Arch uint8

// The ABIs: all that libseccomp has, and riscv32. Left out are those that
// cannot filter (arc, hexagon, microblaze, nios2, openrisc, sparc, sparc64) and
// those whose tables too few sources confirm to be current (alpha, csky,
// loongarch32, xtensa).
const (
	X86_64 Arch = iota + 1
	X86         // i386
	X32         // 32-bit pointers in 64-bit mode; shares X86_64's token
	AArch64
	ARM // EABI, little-endian
	LoongArch64
	M68K
	MIPS        // o32, big-endian
	MIPSEL      // o32, little-endian
	MIPS64      // n64, big-endian
	MIPSEL64    // n64, little-endian
	MIPS64N32   // n32, big-endian
	MIPSEL64N32 // n32, little-endian
	PARISC
	PARISC64
	PPC
	PPC64 // big-endian
	PPC64LE
	RISCV64
	S390 // 31-bit; Linux 6.18 is the last that has it
	S390X
	SH   // little-endian, as in libseccomp
	SHEB // SuperH, big-endian
	RISCV32
)

const last = RISCV32

// All lists the ABIs in the order of the constants.
func All() []Arch {
	all := make([]Arch, last)
	for i := range all {
		all[i] = Arch(i + 1)
	}
	return all
}

// Valid reports whether a is one of the constants.
func (a Arch) Valid() bool { return a >= X86_64 && a <= last }

// String is libseccomp's short name: "x86_64", "aarch64", "mipsel64n32". What is
// no ABI is written "Arch(77)".
func (a Arch) String() string {
	if !a.Valid() {
		return "Arch(" + decimal(uint64(a)) + ")"
	}
	return a.abi().name
}

// Token is the name in OCI documents, "SCMP_ARCH_X86_64". RISCV32 has none: "".
func (a Arch) Token() string { return a.abi().token }

// GOARCH is Go's name, "" where it has none. Some are reserved or gccgo's: ppc,
// s390, mips64p32, mips64p32le.
func (a Arch) GOARCH() string { return a.abi().goarch }

// Bits is the size of a word, and so of an argument: 32 or 64. It is 32 for x32
// and MIPS n32, though a filter sees 64-bit registers there.
func (a Arch) Bits() int { return int(a.abi().bits) }

// Base is what the ABI adds to every number.
func (a Arch) Base() uint32 { return a.abi().base }
