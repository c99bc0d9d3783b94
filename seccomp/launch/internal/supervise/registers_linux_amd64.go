// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// CanTrace says whether Trace finds the calls of a stopped process on this machine.
const CanTrace = true

// callIn is the call in a tracee's registers: struct user_regs_struct, or
// struct user_regs_struct32 for a 32-bit process (asm/user_64.h, asm/user32.h).
// The token is 0 on kernels that do not tell it.
func callIn(registers []byte, audit uint32) (seccomp.Call, bool) {
	const long, short = 27 * 8, 17 * 4
	switch {
	case len(registers) == short:
		return picked(arch.X86, registersOf(registers, 4), 11, 12, [6]int{0, 1, 2, 3, 4, 5}), true
	case len(registers) < long:
		return seccomp.Call{}, false
	}
	w := registersOf(registers, 8)
	const orig, ip, bx, cx, dx, si, di, bp, r8, r9, r10 = 15, 16, 5, 11, 12, 13, 14, 4, 9, 8, 7
	if audit == arch.X86.Audit() {
		return picked(arch.X86, w, orig, ip, [6]int{bx, cx, dx, si, di, bp}), true
	}
	return picked(arch.X86_64, w, orig, ip, [6]int{di, si, dx, r10, r8, r9}), true
}
