// SPDX-License-Identifier: Apache-2.0

// Package seccompdata is what a filter sees of a call: struct seccomp_data
// (include/uapi/linux/seccomp.h) as 32-bit words, in the byte order of the machine.
package seccompdata

import "github.com/gosieve/sieve/bpf"

// littleEndian is set in the AUDIT_ARCH tokens of machines with that byte order
// (__AUDIT_ARCH_LE, include/uapi/linux/audit.h).
const littleEndian = 0x40000000

// BigEndian tells the byte order of any AUDIT_ARCH token, known to package arch or not. The
// kernel gives the wrong token to a few machines that package arch leaves out: hexagon and
// little-endian xtensa look big-endian.
func BigEndian(audit uint32) bool { return audit&littleEndian == 0 }

// Of returns the words of a call, in the byte order of its AUDIT_ARCH token.
func Of(audit, nr uint32, ip uint64, args *[6]uint64) bpf.Data {
	d := bpf.Data{0: nr, 1: audit}
	low, high := 0, 1
	if BigEndian(audit) {
		low, high = 1, 0
	}
	d[2+low], d[2+high] = uint32(ip), uint32(ip>>32)
	for i, x := range args {
		d[4+2*i+low], d[4+2*i+high] = uint32(x), uint32(x>>32)
	}
	return d
}
