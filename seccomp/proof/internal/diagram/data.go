// SPDX-License-Identifier: Apache-2.0

package diagram

import "github.com/gosieve/sieve/arch"

// The input of a filter is struct seccomp_data, 16 words of 32 bits
// (include/uapi/linux/seccomp.h): word 0 is the number, word 1 the AUDIT_ARCH
// token, words 2 and 3 are the instruction pointer, and from word 4 on each argument has
// two words, in the byte order of the machine.
const (
	NrWord   = 0
	ArchWord = 1
	MaxWord  = ^uint32(0)
)

// LittleEndianBit is set in the tokens of ABIs with that byte order (__AUDIT_ARCH_LE,
// include/uapi/linux/audit.h).
const LittleEndianBit = 0x40000000

// Words are the words of the input with the halves of an argument.
func Words(abi arch.Arch, index int) (high, low uint8) {
	low = uint8(4 + 2*index)
	if abi.BigEndian() {
		return low, low + 1
	}
	return low + 1, low
}
