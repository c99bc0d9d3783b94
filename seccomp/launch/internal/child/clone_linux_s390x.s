// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The stack comes before the flags here. The return address is in the link
// register, which the kernel keeps.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-16
	MOVD $0, R2           // stack: the caller's
	MOVD flags+0(FP), R3
	MOVD $0, R4
	MOVD $0, R5
	MOVD $0, R6
	MOVD $120, R1         // __NR_clone
	SYSCALL
	MOVD R2, ret+8(FP)
	RET
