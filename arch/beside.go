// SPDX-License-Identifier: Apache-2.0

package arch

// kernels holds the ABIs that one kernel may run side by side, a kernel a row. A
// kernel of 64 bits also runs programs of 32 bits if it was built so; the option is
// CONFIG_COMPAT where no other is named (arch/*/Kconfig, Linux 6.18). What counts is
// the token that the kernel gives to the calls of such a program (syscall_get_arch,
// arch/*/include/asm/syscall.h), because a filter sees nothing else. An ABI without a
// row runs alone.
//
// Two kinds of programs are missing on purpose, because their calls do not come
// through an ABI of this package:
//
//   - 32-bit programs on riscv64 (CONFIG_COMPAT, 5.19). Their calls bear
//     AUDIT_ARCH_RISCV64, with riscv32's numbers: syscall_get_arch goes by
//     CONFIG_64BIT alone. AUDIT_ARCH_RISCV32 is the token of kernels of 32 bits.
//   - 32-bit programs on ppc64le (CONFIG_COMPAT, off by default). Depending on the
//     kernel their calls bear AUDIT_ARCH_PPC with the little-endian bit, which no ABI
//     has, or AUDIT_ARCH_PPC with arguments in the other byte order than PPC's.
var kernels = [...][]Arch{
	{X86_64, X86, X32},              // CONFIG_IA32_EMULATION, CONFIG_X86_X32_ABI
	{AArch64, ARM},                  //
	{MIPS64, MIPS, MIPS64N32},       // CONFIG_MIPS32_N32, CONFIG_MIPS32_O32
	{MIPSEL64, MIPSEL, MIPSEL64N32}, // the same
	{PARISC64, PARISC},              // always; there are hardly programs of 64 bits
	{PPC64, PPC},                    //
	{S390X, S390},                   // up to 6.18
}

// Beside lists the ABIs that a kernel may run beside a, in no order that means
// something. Whether one kernel does depends on how it was built. The relation is
// symmetric: a program of 32 bits may run on a kernel of 64 bits, so X86_64 is beside
// X86 as X86 is beside X86_64. ABIs with different byte orders never share a kernel.
func (a Arch) Beside() []Arch {
	for _, k := range kernels {
		for i := range k {
			if k[i] == a {
				others := make([]Arch, 0, len(k)-1)
				others = append(others, k[:i]...)
				return append(others, k[i+1:]...)
			}
		}
	}
	return nil
}
