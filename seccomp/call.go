// SPDX-License-Identifier: Apache-2.0

package seccomp

// Call is a system call as a filter sees it (struct seccomp_data,
// include/uapi/linux/seccomp.h). Any values are valid.
type Call struct {
	Audit uint32    // AUDIT_ARCH_* token
	Nr    uint32    // number, the ABI's base included
	IP    uint64    // instruction pointer
	Args  [6]uint64 // registers; a filter sees all 64 bits even on x32 and MIPS n32
}
