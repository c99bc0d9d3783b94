// SPDX-License-Identifier: Apache-2.0

package arch

// auditLE is set in the tokens of little-endian machines (__AUDIT_ARCH_LE,
// include/uapi/linux/audit.h).
const auditLE = 0x40000000

// noCall is the number of a call that a tracer has told the kernel to skip: -1.
const noCall = 0xffffffff

// Audit is the token in a filter's input, AUDIT_ARCH_*
// (include/uapi/linux/audit.h).
func (a Arch) Audit() uint32 { return a.abi().audit }

// BigEndian reports whether the high half of an argument comes first in a
// filter's input.
func (a Arch) BigEndian() bool { return a.Valid() && a.Audit()&auditLE == 0 }

// Of is the ABI that a call came through, from its AUDIT_ARCH token and its
// number. Under x86_64's token every number from 0x40000000 on is x32's, except
// 0xffffffff, the number of a call that a tracer skips. It is false for a token
// that no ABI has; the number need not exist.
func Of(audit, nr uint32) (Arch, bool) {
	if audit == abis[X86_64].audit {
		if nr >= abis[X32].base && nr != noCall {
			return X32, true
		}
		return X86_64, true
	}
	for a := X86_64; a <= last; a++ {
		if abis[a].audit == audit {
			return a, true
		}
	}
	return 0, false
}
