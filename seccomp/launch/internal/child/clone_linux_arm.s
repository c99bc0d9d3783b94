// SPDX-License-Identifier: Apache-2.0

#include "textflag.h"

// func clone(flags uintptr) uintptr
//
// The return address is in the link register, which the kernel keeps.
TEXT ·clone(SB), NOSPLIT|NOFRAME, $0-8
	MOVW flags+0(FP), R0
	MOVW $0, R1           // stack: the caller's
	MOVW $0, R2
	MOVW $0, R3
	MOVW $0, R4
	MOVW $120, R7         // __NR_clone
	SWI $0
	MOVW R0, ret+4(FP)
	RET
