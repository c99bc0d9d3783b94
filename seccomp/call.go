// SPDX-License-Identifier: Apache-2.0

package seccomp

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/bpf"
)

// Call is a system call as a filter sees it (struct seccomp_data,
// include/uapi/linux/seccomp.h). Any values are valid.
type Call struct {
	Audit uint32    // AUDIT_ARCH_* token
	Nr    uint32    // number, the ABI's base included
	IP    uint64    // instruction pointer
	Args  [6]uint64 // registers; a filter sees all 64 bits even on x32 and MIPS n32
}

// Data is the call in 32-bit words, in the byte order of its AUDIT_ARCH token.
func (c *Call) Data() bpf.Data {
	if c == nil {
		return bpf.Data{}
	}
	d := bpf.Data{0: c.Nr, 1: c.Audit}
	low, high := 0, 1
	if arch.BigEndian(c.Audit) {
		low, high = 1, 0
	}
	d[2+low], d[2+high] = uint32(c.IP), uint32(c.IP>>32)
	for i, x := range c.Args {
		d[4+2*i+low], d[4+2*i+high] = uint32(x), uint32(x>>32)
	}
	return d
}
