// SPDX-License-Identifier: Apache-2.0

package proof

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
	"github.com/gosieve/sieve/seccomp"
)

// The input of a filter is struct seccomp_data, 16 words of 32 bits
// (include/uapi/linux/seccomp.h): word 0 is the number, word 1 the AUDIT_ARCH
// token, words 2 and 3 are the instruction pointer, and from word 4 on each argument has
// two words, in the byte order of the machine.
const (
	nrWord   = 0
	archWord = 1
	maxWord  = ^uint32(0)
)

// littleEndianBit is set in the tokens of ABIs with that byte order (__AUDIT_ARCH_LE,
// include/uapi/linux/audit.h).
const littleEndianBit = 0x40000000

// callOf is the call whose Data is d. The token says in which byte order to read it;
// unknown tokens go by their littleEndianBit.
func callOf(d bpf.Data) *seccomp.Call {
	c := &seccomp.Call{Audit: d[1], Nr: d[0]}
	low, high := 0, 1
	if arch.BigEndian(c.Audit) {
		low, high = 1, 0
	}
	c.IP = uint64(d[2+high])<<32 | uint64(d[2+low])
	for i := range c.Args {
		c.Args[i] = uint64(d[4+2*i+high])<<32 | uint64(d[4+2*i+low])
	}
	return c
}

// wordsOf are the words of the input with the halves of an argument.
func wordsOf(abi arch.Arch, index int) (high, low uint8) {
	low = uint8(4 + 2*index)
	if abi.BigEndian() {
		return low, low + 1
	}
	return low + 1, low
}
