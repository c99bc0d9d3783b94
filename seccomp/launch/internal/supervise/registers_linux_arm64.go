// SPDX-License-Identifier: Apache-2.0

package supervise

import (
	"github.com/gosieve/sieve/arch"
	"github.com/gosieve/sieve/seccomp"
)

// CanTrace says whether Trace finds the calls of a stopped process on this machine.
const CanTrace = true

// callIn is the call in a tracee's registers: struct user_pt_regs, or those of
// 32-bit ARM for a 32-bit process (asm/ptrace.h).
func callIn(registers []byte, _ uint32) (seccomp.Call, bool) {
	const long, short = 34 * 8, 18 * 4
	switch {
	case len(registers) == short:
		return picked(arch.ARM, registersOf(registers, 4), 7, 15, [6]int{0, 1, 2, 3, 4, 5}), true
	case len(registers) < long:
		return seccomp.Call{}, false
	}
	return picked(arch.AArch64, registersOf(registers, 8), 8, 32, [6]int{0, 1, 2, 3, 4, 5}), true
}
